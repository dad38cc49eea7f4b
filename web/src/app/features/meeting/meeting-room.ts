import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { LocalTrackPublication, Participant, RemoteTrack, Room, Track } from 'livekit-client';
import type { RoomRole } from '../../core/api/api';
import { DeviceMemory } from '../../core/device/device-memory';
import { watchAccess, whyItStopped, type DeviceAccess } from '../../core/media/device-access';
import { deviceProblem, type DeviceKind, type DeviceProblem } from '../../core/media/device-problem';
import { otherWay } from '../../core/media/facing';
import type { Handover, LateDevices, OpenDevices } from '../../core/media/handover';
import { Session } from '../../core/session/session';
import { AudioSink } from './audio-sink';
import { MEDIA_LIBRARY, type MediaLibrary } from './media-library';
import { OwnTracks } from './own-tracks';
import { viewOf, type ParticipantView } from './participant-view';
import { reconnectPolicy } from './reconnect-policy';

/** `away`: the connection is gone, and what goes out from here is kept open for the next one. */
export type MediaState = 'connecting' | 'connected' | 'reconnecting' | 'away' | 'ended';
export type DeviceSort = 'audioinput' | 'videoinput' | 'audiooutput';

/** What the owner of the room wants to hear. */
export interface MediaListener {
  /** The connection is gone. Why, the media server does not know: that is asked elsewhere. */
  gone(): void;
  /** The connection is being mended, or stands again. */
  reconnecting(now: boolean): void;
  /** The microphone went off without this person doing it. */
  mutedByHost(): void;
  deviceFailed(problem: DeviceProblem): void;
  /** It works now. */
  deviceMended(kind: DeviceKind): void;
  /** It was forbidden, and the person has allowed it in the browser's settings. */
  deviceAllowed(kind: DeviceKind): void;
  /** Something was asked for that needs a connection, and there is none yet. */
  notYet(): void;
  sharingFailed(error: unknown): void;
}

type Ticket = Pick<Handover['entry'], 'url' | 'token'>;
/** The library's own word for it: the enum lives there, and the library is loaded late. */
const CAMERA = 'camera' as Track.Source;

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
  /** What this person has on, as far as they know. */
  private readonly wanted = { microphone: false, camera: false };
  private readonly own = new OwnTracks();
  /** What was switched while there was no connection to switch it in. */
  private readonly wishes = new Map<DeviceKind, boolean>();
  private stands = false;
  private refreshQueued = false;

  readonly state = signal<MediaState>('connecting');
  /** Everyone inside, oneself included. */
  readonly participants = signal<readonly ParticipantView[]>([]);
  readonly self = computed(() => this.participants().find((participant) => participant.local) ?? null);
  readonly microphoneOn = computed(() => this.self()?.microphoneOn ?? false);
  readonly cameraOn = computed(() => Boolean(this.self()?.camera));
  readonly sharing = computed(() => Boolean(this.self()?.screen));
  /** Everybody who presents a screen, oneself included. */
  readonly presenters = computed(() => this.participants().filter((participant) => participant.screen));
  /** Why a device that was asked for is not there; nothing once it is. */
  readonly blocked = signal<Partial<Record<DeviceKind, DeviceProblem>>>({});
  /** The browser wants a click before it plays sound. */
  readonly soundBlocked = signal(false);
  /** Nothing is played here until the person says so: another device of theirs plays it. */
  readonly silent = signal(false);
  /** Ids of the devices in use. */
  readonly devices = signal<Readonly<Record<DeviceSort, string>>>({ audioinput: '', videoinput: '', audiooutput: '' });

  constructor() {
    inject(DestroyRef).onDestroy(watchAccess((kind, access) => this.accessChanged(kind, access)));
  }

  async connect(handover: Handover, listener: MediaListener): Promise<void> {
    this.listener = listener;
    const { devices, late, blocked = [] } = handover;
    this.blocked.set(Object.fromEntries(blocked.map((problem) => [problem.kind, problem])));
    this.silent.set(handover.silent ?? false);
    this.sink.silence(this.silent());
    this.devices.set({
      audioinput: devices.microphoneId,
      videoinput: devices.cameraId,
      audiooutput: devices.speakerId,
    });
    const joined = this.join(handover.entry).then((joined) => {
      this.arrive();
      return joined;
    });
    void late?.then((devices) => this.follow(joined, devices));
    try {
      await this.publish(await joined, devices);
      await this.grantWishes();
    } catch (error) {
      stop(devices);
      throw error;
    }
  }

  /** Connects anew, with what went out before. Rejects where it cannot; another try may follow. */
  async comeBack(ticket: Ticket): Promise<void> {
    this.letGo();
    const joined = await this.join(ticket);
    const kept = this.own.live();
    await Promise.all(kept.map(([source, media]) => this.bring(joined, source, media)));
    if (joined.room.state === 'disconnected') throw new Error('the connection did not last');
    this.arrive();
    await this.grantWishes();
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.wanted.microphone = on;
    this.memory.remember({ microphoneOn: on });
    if (!this.stands) return this.wish('microphone', on);
    await this.attempt('microphone', () => this.room?.localParticipant.setMicrophoneEnabled(on));
  }

  async setCamera(on: boolean): Promise<void> {
    this.wanted.camera = on;
    this.memory.remember({ cameraOn: on });
    if (!this.stands) return this.wish('camera', on);
    await this.attempt('camera', () => this.room?.localParticipant.setCameraEnabled(on));
  }

  async setSharing(on: boolean): Promise<void> {
    const options = {
      audio: true,
      contentHint: 'detail',
      selfBrowserSurface: 'exclude',
      surfaceSwitching: 'include',
    } as const;
    if (!this.stands) return on ? this.listener?.notYet() : this.endSharing();
    await this.attempt('screen', () => this.room?.localParticipant.setScreenShareEnabled(on, on ? options : undefined));
  }

  /** What somebody who is inside is here. */
  roleOf(userId: string): RoomRole | null {
    return this.participants().find((one) => one.userId === userId && userId !== '')?.role ?? null;
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

  /** To the camera that looks the other way. */
  async flipCamera(): Promise<void> {
    const track = this.room?.localParticipant.getTrackPublication(CAMERA)?.videoTrack;
    if (!track || !('restartTrack' in track)) return;
    await this.attempt('camera', async () => {
      await track.restartTrack({ facingMode: otherWay(track.mediaStreamTrack) });
      const id = track.mediaStreamTrack.getSettings().deviceId ?? '';
      this.devices.update((devices) => ({ ...devices, videoinput: id }));
    });
  }

  /** Call from a click. */
  async allowSound(): Promise<void> {
    this.silent.set(false);
    this.sink.silence(false);
    await this.room?.startAudio();
  }

  async leave(): Promise<void> {
    const room = this.room;
    this.room = null;
    this.stands = false;
    this.listener = null;
    this.state.set('ended');
    this.sink.clear();
    this.own.stopAll();
    await room?.disconnect();
  }

  private async join({ url, token }: Ticket): Promise<Joined> {
    const { audioinput, videoinput, audiooutput } = this.devices();
    const library = await this.load();
    library.setLogLevel('warn');
    const room = (this.room = new library.Room({
      adaptiveStream: true,
      dynacast: true,
      disconnectOnPageLeave: true,
      reconnectPolicy,
      // What goes out from here outlives a connection: it is stopped here, when it is no longer wanted.
      stopLocalTrackOnUnpublish: false,
      audioCaptureDefaults: { ...(audioinput && { deviceId: audioinput }) },
      videoCaptureDefaults: {
        resolution: library.VideoPresets.h720.resolution,
        ...(videoinput && { deviceId: videoinput }),
      },
      ...(audiooutput && { audioOutput: { deviceId: audiooutput } }),
    }));
    this.listen(room, library);
    await room.connect(url, token);
    return { library, room };
  }

  private arrive(): void {
    this.stands = true;
    this.state.set('connected');
    this.refresh();
  }

  /** Devices that opened after the click on Join come into the meeting, if that goes on. */
  private async follow(joining: Promise<Joined>, devices: LateDevices): Promise<void> {
    const joined = await joining.catch(() => undefined);
    if (!joined || joined.room !== this.room) return stop(devices);
    for (const problem of devices.problems) this.failed(problem);
    await this.publish(joined, devices);
  }

  private async publish(joined: Joined, { microphone, camera }: OpenDevices): Promise<void> {
    this.wanted.microphone ||= microphone !== null;
    this.wanted.camera ||= camera !== null;
    await Promise.all([
      microphone && this.bring(joined, joined.library.Track.Source.Microphone, microphone),
      camera && this.bring(joined, joined.library.Track.Source.Camera, camera),
    ]);
  }

  private async bring({ library, room }: Joined, source: Track.Source, media: MediaStreamTrack): Promise<void> {
    const { Source } = library.Track;
    const kind = source === Source.Microphone ? 'microphone' : source === Source.Camera ? 'camera' : 'screen';
    // The person may have switched it off, or another one on, meanwhile.
    const unwanted = kind !== 'screen' && this.wishes.get(kind) === false;
    if (unwanted || room.localParticipant.getTrackPublication(source)) return media.stop();
    // Not "user provided": the library may mute, restart and switch these tracks as if it had opened them. A screen it may not.
    const Track = media.kind === 'audio' ? library.LocalAudioTrack : library.LocalVideoTrack;
    const track = new Track(media, undefined, kind === 'screen');
    await this.attempt(kind, () => room.localParticipant.publishTrack(track, { source }));
  }

  /** Switched while nothing stands: off at once, on as soon as there is a connection to go out through. */
  private wish(kind: DeviceKind, on: boolean): void {
    this.wishes.set(kind, on);
    if (!on) this.own.stop(kind);
    this.showOwn(kind === 'microphone' ? { microphoneOn: on } : on ? {} : { camera: null });
  }

  private async grantWishes(): Promise<void> {
    const wishes = new Map(this.wishes);
    this.wishes.clear();
    for (const [kind, on] of wishes) {
      const has = kind === 'microphone' ? this.microphoneOn() : this.cameraOn();
      if (on && !has) await (kind === 'microphone' ? this.setMicrophone(true) : this.setCamera(true));
    }
  }

  private endSharing(): void {
    this.own.stop('screen_share');
    this.own.stop('screen_share_audio');
    this.showOwn({ screen: null });
  }

  private showOwn(changes: Partial<ParticipantView>): void {
    this.participants.update((list) => list.map((one) => (one.local ? { ...one, ...changes } : one)));
  }

  /** Leaves a connection that does not serve any longer. What went out through it stays open. */
  private letGo(): void {
    const room = this.room;
    this.room = null;
    this.stands = false;
    this.state.set('away');
    this.sink.clear();
    // Nobody is seen or heard now; who was here stays where they stood.
    this.participants.update((list) => list.map((one) => (one.local ? one : { ...one, ...UNSEEN })));
    void room?.disconnect(false);
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
        if (participant.isLocal) this.ownMuted(publication as LocalTrackPublication);
        this.refresh();
      })
      .on(RoomEvent.LocalTrackPublished, (publication) => {
        this.own.published(publication);
        this.refresh();
      })
      .on(RoomEvent.LocalTrackUnpublished, (publication) => this.takenBack(room, publication))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.soundBlocked.set(!room.canPlaybackAudio))
      .on(RoomEvent.SignalReconnecting, () => this.reconnecting(true))
      .on(RoomEvent.Reconnecting, () => this.reconnecting(true))
      .on(RoomEvent.Reconnected, () => this.reconnecting(false))
      .on(RoomEvent.Disconnected, () => this.ended(room));
  }

  private reconnecting(now: boolean): void {
    if (!this.stands) return;
    this.state.set(now ? 'reconnecting' : 'connected');
    this.listener?.reconnecting(now);
    this.refresh();
  }

  /** A track that is unpublished while all is well is wanted no longer; when a connection ends, all of them are. */
  private takenBack(room: Room, { source }: LocalTrackPublication): void {
    const wanted = this.state() !== 'connected';
    queueMicrotask(() => {
      if (!wanted && room === this.room) this.own.stop(source);
      this.refresh();
    });
  }

  private ended(room: Room): void {
    // A connection that never stood is told by whoever wanted it.
    if (room !== this.room || !this.stands) return;
    this.letGo();
    this.listener?.gone();
  }

  /** Many events come at once; one picture of everyone is enough. */
  private refresh(): void {
    if (this.refreshQueued) return;
    this.refreshQueued = true;
    queueMicrotask(() => {
      this.refreshQueued = false;
      const room = this.room;
      if (!room || !this.stands) return;
      const name = this.session.me()?.displayName ?? $localize`:@@meeting.you:You`;
      const everyone: Participant[] = [...room.remoteParticipants.values()];
      everyone.sort((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0));
      this.participants.set([
        ...everyone.map((one) => viewOf(one, false, name)),
        viewOf(room.localParticipant, true, name),
      ]);
    });
  }

  /** Off without this person doing it: by a host, or because the device went away, after which the library mutes what it sent. */
  private ownMuted({ source, track }: Pick<LocalTrackPublication, 'source' | 'track'>): void {
    const kind = source === 'microphone' || source === 'camera' ? source : null;
    if (!kind || !this.wanted[kind]) return;
    this.wanted[kind] = false;
    // Hosts mute voices, not pictures; and a voice that they muted is still being heard here.
    if (kind === 'camera' || track?.mediaStreamTrack.readyState === 'ended') return void this.lost(kind);
    this.listener?.mutedByHost();
  }

  private async lost(kind: DeviceKind): Promise<void> {
    const problem = await whyItStopped(kind);
    if (this.listener && !this.wanted[kind]) this.failed(problem);
  }

  /** What was forbidden and asked for may be used now. Nobody is heard or seen again without a click of theirs. */
  private accessChanged(kind: DeviceKind, access: DeviceAccess): void {
    if (access !== 'granted' || this.blocked()[kind]?.cause !== 'denied') return;
    this.mended(kind);
    this.listener?.deviceAllowed(kind);
  }

  private failed(problem: DeviceProblem): void {
    this.blocked.update((blocked) => ({ ...blocked, [problem.kind]: problem }));
    this.listener?.deviceFailed(problem);
  }

  private mended(kind: DeviceKind): void {
    if (!this.blocked()[kind]) return;
    this.blocked.update(({ [kind]: _mended, ...others }) => others);
    this.listener?.deviceMended(kind);
  }

  private async attempt(
    kind: 'microphone' | 'camera' | 'screen',
    work: () => Promise<unknown> | undefined,
  ): Promise<void> {
    try {
      await work();
      if (kind !== 'screen') this.mended(kind);
    } catch (error) {
      if (kind === 'screen') this.listener?.sharingFailed(error);
      else this.failed(deviceProblem(kind, error));
    }
    this.refresh();
  }
}

const UNSEEN = { camera: null, screen: null, speaking: false } as const;

function stop({ microphone, camera }: OpenDevices): void {
  microphone?.stop();
  camera?.stop();
}
