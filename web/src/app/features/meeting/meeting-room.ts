import { computed, inject, Injectable, signal } from '@angular/core';
import type { DisconnectReason, Participant, RemoteTrack, Room } from 'livekit-client';
import { DeviceMemory } from '../../core/device/device-memory';
import type { Handover } from '../../core/media/handover';
import { Session } from '../../core/session/session';
import { AudioSink } from './audio-sink';
import { loadMediaLibrary, type MediaLibrary } from './media-library';
import { viewOf, type ParticipantView } from './participant-view';
import { reconnectPolicy } from './reconnect-policy';

export type MediaState = 'connecting' | 'connected' | 'reconnecting' | 'ended';
export type DeviceSort = 'audioinput' | 'videoinput' | 'audiooutput';

/** What the owner of the room wants to hear. */
export interface MediaListener {
  /** The connection is over; `reason` is the media server's word for it. */
  ended(reason: DisconnectReason | undefined): void;
  /** The microphone went off without this person doing it. */
  mutedByHost(): void;
  /** A device or a share could not be opened. */
  deviceFailed(kind: 'microphone' | 'camera' | 'screen', error: unknown): void;
}

/** One LiveKit room as signals. The only place that speaks to the media library. */
@Injectable()
export class MeetingRoom {
  private readonly memory = inject(DeviceMemory);
  private readonly session = inject(Session);
  private readonly sink = new AudioSink();
  private readonly stateSignal = signal<MediaState>('connecting');
  private readonly participantsSignal = signal<readonly ParticipantView[]>([]);
  private readonly soundBlockedSignal = signal(false);
  private readonly devicesSignal = signal<Readonly<Record<DeviceSort, string>>>({
    audioinput: '',
    videoinput: '',
    audiooutput: '',
  });
  private room: Room | null = null;
  private listener: MediaListener | null = null;
  private wantsMicrophone = false;
  private refreshQueued = false;

  readonly state = this.stateSignal.asReadonly();
  /** Everyone inside, oneself included. */
  readonly participants = this.participantsSignal.asReadonly();
  readonly self = computed(() => this.participantsSignal().find((participant) => participant.local) ?? null);
  readonly microphoneOn = computed(() => this.self()?.microphoneOn ?? false);
  readonly cameraOn = computed(() => Boolean(this.self()?.camera));
  readonly sharing = computed(() => Boolean(this.self()?.screen));
  /** The one whose screen is shown large: others before oneself. */
  readonly presenter = computed(() => {
    const sharing = this.participantsSignal().filter((participant) => participant.screen);
    return sharing.find((participant) => !participant.local) ?? sharing[0] ?? null;
  });
  /** The browser wants a click before it plays sound. */
  readonly soundBlocked = this.soundBlockedSignal.asReadonly();
  /** Ids of the devices in use. */
  readonly devices = this.devicesSignal.asReadonly();

  async connect({ entry, devices }: Handover, listener: MediaListener): Promise<void> {
    this.listener = listener;
    const library = await loadMediaLibrary();
    library.setLogLevel('warn');
    const room = (this.room = new library.Room({
      adaptiveStream: true,
      dynacast: true,
      disconnectOnPageLeave: true,
      reconnectPolicy,
      audioCaptureDefaults: { ...(devices.microphoneId && { deviceId: devices.microphoneId }) },
      videoCaptureDefaults: {
        resolution: library.VideoPresets.h720.resolution,
        ...(devices.cameraId && { deviceId: devices.cameraId }),
      },
      ...(devices.speakerId && { audioOutput: { deviceId: devices.speakerId } }),
    }));
    this.devicesSignal.set({
      audioinput: devices.microphoneId,
      videoinput: devices.cameraId,
      audiooutput: devices.speakerId,
    });
    this.listen(room, library);
    try {
      await room.connect(entry.url, entry.token);
    } catch (error) {
      devices.microphone?.stop();
      devices.camera?.stop();
      throw error;
    }
    this.stateSignal.set('connected');
    this.refresh();
    await this.publish(library, room, devices);
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.wantsMicrophone = on;
    this.memory.remember({ microphoneOn: on });
    await this.attempt('microphone', () => this.room?.localParticipant.setMicrophoneEnabled(on));
  }

  async setCamera(on: boolean): Promise<void> {
    this.memory.remember({ cameraOn: on });
    await this.attempt('camera', () => this.room?.localParticipant.setCameraEnabled(on));
  }

  async setSharing(on: boolean): Promise<void> {
    const options = {
      audio: true,
      contentHint: 'detail',
      selfBrowserSurface: 'exclude',
      surfaceSwitching: 'include',
    } as const;
    await this.attempt('screen', () => this.room?.localParticipant.setScreenShareEnabled(on, on ? options : undefined));
  }

  /** The devices of a kind, for the menu beside its button. */
  async listDevices(sort: DeviceSort): Promise<readonly MediaDeviceInfo[]> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    return all.filter((device) => device.kind === sort && device.deviceId !== '');
  }

  async useDevice(sort: DeviceSort, id: string): Promise<void> {
    const kind = sort === 'videoinput' ? 'camera' : 'microphone';
    await this.attempt(kind, async () => {
      await this.room?.switchActiveDevice(sort, id);
      this.devicesSignal.update((devices) => ({ ...devices, [sort]: id }));
      this.memory.remember(
        sort === 'audioinput' ? { microphone: id } : sort === 'videoinput' ? { camera: id } : { speaker: id },
      );
    });
  }

  /** Call from a click. */
  async allowSound(): Promise<void> {
    await this.room?.startAudio();
  }

  async leave(): Promise<void> {
    const room = this.room;
    this.room = null;
    this.listener = null;
    this.stateSignal.set('ended');
    this.sink.clear();
    await room?.disconnect();
  }

  private async publish(library: MediaLibrary, room: Room, devices: Handover['devices']): Promise<void> {
    const { Track } = library;
    this.wantsMicrophone = devices.microphone !== null;
    // Not "user provided": the library may mute, restart and switch these tracks as if it had opened them.
    const works = [
      devices.microphone &&
        this.attempt('microphone', () =>
          room.localParticipant.publishTrack(
            new library.LocalAudioTrack(devices.microphone as MediaStreamTrack, undefined, false),
            {
              source: Track.Source.Microphone,
            },
          ),
        ),
      devices.camera &&
        this.attempt('camera', () =>
          room.localParticipant.publishTrack(
            new library.LocalVideoTrack(devices.camera as MediaStreamTrack, undefined, false),
            {
              source: Track.Source.Camera,
            },
          ),
        ),
    ];
    await Promise.all(works);
  }

  private listen(room: Room, { RoomEvent, Track }: MediaLibrary): void {
    const refresh = () => this.refresh();
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantNameChanged,
      RoomEvent.ParticipantAttributesChanged,
      RoomEvent.TrackPublished,
      RoomEvent.TrackUnpublished,
      RoomEvent.TrackUnmuted,
      RoomEvent.LocalTrackPublished,
      RoomEvent.LocalTrackUnpublished,
      RoomEvent.ActiveSpeakersChanged,
      RoomEvent.ConnectionQualityChanged,
    ] as const)
      room.on(event, refresh);
    room
      .on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => {
        if (track.kind === Track.Kind.Audio) this.sink.play(track);
        this.refresh();
      })
      .on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => {
        if (track.kind === Track.Kind.Audio) this.sink.stop(track);
        this.refresh();
      })
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        const own = participant.isLocal && publication.source === Track.Source.Microphone;
        if (own && this.wantsMicrophone) {
          this.wantsMicrophone = false;
          this.listener?.mutedByHost();
        }
        this.refresh();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.soundBlockedSignal.set(!room.canPlaybackAudio))
      .on(RoomEvent.SignalReconnecting, () => this.reconnecting(true))
      .on(RoomEvent.Reconnecting, () => this.reconnecting(true))
      .on(RoomEvent.Reconnected, () => this.reconnecting(false))
      .on(RoomEvent.Disconnected, (reason) => this.ended(room, reason));
  }

  private reconnecting(now: boolean): void {
    if (this.stateSignal() === 'ended') return;
    this.stateSignal.set(now ? 'reconnecting' : 'connected');
    this.refresh();
  }

  private ended(room: Room, reason: DisconnectReason | undefined): void {
    if (room !== this.room) return;
    // A connection that never stood is told by connect() itself.
    const stood = this.stateSignal() !== 'connecting';
    this.room = null;
    this.stateSignal.set('ended');
    this.sink.clear();
    if (stood) this.listener?.ended(reason);
  }

  /** Many events come at once; one picture of everyone is enough. */
  private refresh(): void {
    if (this.refreshQueued) return;
    this.refreshQueued = true;
    queueMicrotask(() => {
      this.refreshQueued = false;
      const room = this.room;
      if (!room) return;
      const name = this.session.me()?.displayName ?? 'You';
      const everyone: Participant[] = [...room.remoteParticipants.values()];
      everyone.sort((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0));
      this.participantsSignal.set([
        ...everyone.map((one) => viewOf(one, false, name)),
        viewOf(room.localParticipant, true, name),
      ]);
    });
  }

  private async attempt(
    kind: 'microphone' | 'camera' | 'screen',
    work: () => Promise<unknown> | undefined,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.listener?.deviceFailed(kind, error);
    }
    this.refresh();
  }
}
