import { computed, inject, Injectable, signal } from '@angular/core';
import type { DisconnectReason, Participant, RemoteTrack, Room } from 'livekit-client';
import { DeviceMemory } from '../../core/device/device-memory';
import { deviceProblem, type DeviceKind, type DeviceProblem } from '../../core/media/device-problem';
import type { Handover, LateDevices, OpenDevices } from '../../core/media/handover';
import { Session } from '../../core/session/session';
import { AudioSink } from './audio-sink';
import { MEDIA_LIBRARY, type MediaLibrary } from './media-library';
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
  deviceFailed(problem: DeviceProblem): void;
  sharingFailed(error: unknown): void;
}

interface Joined {
  readonly library: MediaLibrary;
  readonly room: Room;
}

/** One LiveKit room as signals. The only place that speaks to the media library. */
@Injectable()
export class MeetingRoom {
  private readonly memory = inject(DeviceMemory);
  private readonly session = inject(Session);
  private readonly load = inject(MEDIA_LIBRARY);
  private readonly sink = new AudioSink();
  private room: Room | null = null;
  private listener: MediaListener | null = null;
  private wantsMicrophone = false;
  private refreshQueued = false;

  readonly state = signal<MediaState>('connecting');
  /** Everyone inside, oneself included. */
  readonly participants = signal<readonly ParticipantView[]>([]);
  readonly self = computed(() => this.participants().find((participant) => participant.local) ?? null);
  readonly microphoneOn = computed(() => this.self()?.microphoneOn ?? false);
  readonly cameraOn = computed(() => Boolean(this.self()?.camera));
  readonly sharing = computed(() => Boolean(this.self()?.screen));
  /** The one whose screen is shown large: others before oneself. */
  readonly presenter = computed(() => {
    const sharing = this.participants().filter((participant) => participant.screen);
    return sharing.find((participant) => !participant.local) ?? sharing[0] ?? null;
  });
  /** The browser wants a click before it plays sound. */
  readonly soundBlocked = signal(false);
  /** Ids of the devices in use. */
  readonly devices = signal<Readonly<Record<DeviceSort, string>>>({ audioinput: '', videoinput: '', audiooutput: '' });

  async connect(handover: Handover, listener: MediaListener): Promise<void> {
    this.listener = listener;
    const { devices, late } = handover;
    const joined = this.join(handover);
    void late?.then((devices) => this.follow(joined, devices));
    try {
      await this.publish(await joined, devices);
    } catch (error) {
      stop(devices);
      throw error;
    }
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
      this.devices.update((devices) => ({ ...devices, [sort]: id }));
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
    this.state.set('ended');
    this.sink.clear();
    await room?.disconnect();
  }

  private async join({ entry, devices }: Handover): Promise<Joined> {
    const library = await this.load();
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
    this.devices.set({
      audioinput: devices.microphoneId,
      videoinput: devices.cameraId,
      audiooutput: devices.speakerId,
    });
    this.listen(room, library);
    await room.connect(entry.url, entry.token);
    this.state.set('connected');
    this.refresh();
    return { library, room };
  }

  /** Devices that opened after the click on Join come into the meeting, if that goes on. */
  private async follow(joining: Promise<Joined>, devices: LateDevices): Promise<void> {
    const joined = await joining.catch(() => undefined);
    if (!joined || joined.room !== this.room) return stop(devices);
    for (const problem of devices.problems) this.listener?.deviceFailed(problem);
    await this.publish(joined, devices);
  }

  private async publish(joined: Joined, { microphone, camera }: OpenDevices): Promise<void> {
    this.wantsMicrophone ||= microphone !== null;
    await Promise.all([
      microphone && this.bring(joined, 'microphone', microphone),
      camera && this.bring(joined, 'camera', camera),
    ]);
  }

  private async bring({ library, room }: Joined, kind: DeviceKind, media: MediaStreamTrack): Promise<void> {
    const { Source } = library.Track;
    const source = kind === 'microphone' ? Source.Microphone : Source.Camera;
    // The person may have switched on another one meanwhile.
    if (room.localParticipant.getTrackPublication(source)) return media.stop();
    // Not "user provided": the library may mute, restart and switch these tracks as if it had opened them.
    const Track = kind === 'microphone' ? library.LocalAudioTrack : library.LocalVideoTrack;
    await this.attempt(kind, () => room.localParticipant.publishTrack(new Track(media, undefined, false), { source }));
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
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.soundBlocked.set(!room.canPlaybackAudio))
      .on(RoomEvent.SignalReconnecting, () => this.reconnecting(true))
      .on(RoomEvent.Reconnecting, () => this.reconnecting(true))
      .on(RoomEvent.Reconnected, () => this.reconnecting(false))
      .on(RoomEvent.Disconnected, (reason) => this.ended(room, reason));
  }

  private reconnecting(now: boolean): void {
    if (this.state() === 'ended') return;
    this.state.set(now ? 'reconnecting' : 'connected');
    this.refresh();
  }

  private ended(room: Room, reason: DisconnectReason | undefined): void {
    if (room !== this.room) return;
    // A connection that never stood is told by connect() itself.
    const stood = this.state() !== 'connecting';
    this.room = null;
    this.state.set('ended');
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
      const name = this.session.me()?.displayName ?? $localize`:@@meeting.you:You`;
      const everyone: Participant[] = [...room.remoteParticipants.values()];
      everyone.sort((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0));
      this.participants.set([
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
      if (kind === 'screen') this.listener?.sharingFailed(error);
      else this.listener?.deviceFailed(deviceProblem(kind, error));
    }
    this.refresh();
  }
}

function stop({ microphone, camera }: OpenDevices): void {
  microphone?.stop();
  camera?.stop();
}
