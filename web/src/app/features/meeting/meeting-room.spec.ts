import { TestBed } from '@angular/core/testing';
import { RoomEvent, Track, VideoPresets } from 'livekit-client';
import { DeviceMemory, type DeviceChoices } from '../../core/device/device-memory';
import { AccessFake } from '../../core/media/access-fake';
import type { DeviceProblem } from '../../core/media/device-problem';
import type { Handover, LateDevices, OpenDevices } from '../../core/media/handover';
import { Session } from '../../core/session/session';
import { MEDIA_LIBRARY, type MediaLibrary } from './media-library';
import { MeetingRoom, type MediaListener } from './meeting-room';

/** A device's track as the browser gives it. */
class MediaFake {
  stopped = false;
  constructor(readonly kind: 'audio' | 'video') {}
  stop = () => void (this.stopped = true);
  get readyState() {
    return this.stopped ? 'ended' : 'live';
  }
}

class PublicationFake {
  isMuted = false;
  constructor(
    readonly source: Track.Source,
    readonly videoTrack?: unknown,
  ) {}
}

class ParticipantFake {
  name: string;
  attributes: Record<string, string> = {};
  isSpeaking = false;
  connectionQuality = 'good';
  joinedAt = new Date(0);
  readonly tracks = new Map<Track.Source, PublicationFake>();
  /** What the next try to change a track throws. */
  fails: Error | null = null;
  changed = (_event: string, _publication: { source: Track.Source; track: unknown }): void => undefined;

  constructor(
    readonly identity: string,
    readonly isLocal = false,
  ) {
    this.name = identity;
  }

  getTrackPublication = (source: Track.Source) => this.tracks.get(source);
  publishTrack = async (track: LocalTrackFake, { source }: { source: Track.Source }) => this.put(source, track);
  setMicrophoneEnabled = (on: boolean) => this.change(Track.Source.Microphone, on);
  setCameraEnabled = (on: boolean) => this.change(Track.Source.Camera, on);
  setScreenShareEnabled = (on: boolean) => this.change(Track.Source.ScreenShare, on);

  put(source: Track.Source, track: unknown): void {
    this.tracks.set(source, new PublicationFake(source, source === Track.Source.Microphone ? undefined : track));
    this.changed(RoomEvent.LocalTrackPublished, { source, track });
  }

  private async change(source: Track.Source, on: boolean): Promise<void> {
    if (this.fails) throw this.fails;
    if (on) this.put(source, new LocalTrackFake(new MediaFake(source === Track.Source.Microphone ? 'audio' : 'video')));
    else if (source === Track.Source.ScreenShare) this.takeBack(source);
    else this.tracks.delete(source);
  }

  takeBack(source: Track.Source): void {
    this.tracks.delete(source);
    this.changed(RoomEvent.LocalTrackUnpublished, { source, track: undefined });
  }
}

class LocalTrackFake {
  isMuted = false;
  constructor(
    readonly mediaStreamTrack: MediaFake,
    _constraints?: unknown,
    readonly userProvided = false,
  ) {}
  stop = () => this.mediaStreamTrack.stop();
}

/** A LiveKit room that connects when the spec says so, and whose events the spec sends. */
class RoomFake {
  static last: RoomFake;
  readonly localParticipant = new ParticipantFake('j-me', true);
  readonly remoteParticipants = new Map<string, ParticipantFake>();
  readonly hears = new Map<string, (...facts: unknown[]) => void>();
  canPlaybackAudio = true;
  disconnected = false;
  connected: readonly string[] = [];
  used: readonly string[] = [];

  constructor(readonly options: Record<string, unknown>) {
    RoomFake.last = this;
    this.localParticipant.changed = (event, publication) => this.emit(event, publication);
  }

  on(event: string, hear: (...facts: unknown[]) => void): this {
    this.hears.set(event, hear);
    return this;
  }
  emit = (event: string, ...facts: unknown[]) => this.hears.get(event)?.(...facts);
  connect = async (url: string, token: string): Promise<void> => {
    await this.reach();
    this.connected = [url, token];
  };
  reach(): Promise<void> {
    return Promise.resolve();
  }
  startAudio = async () => undefined;
  disconnect = async () => void (this.disconnected = true);
  /** What the library does when the connection is gone: everything is unpublished, then it says so. */
  break(): void {
    for (const source of [...this.localParticipant.tracks.keys()]) this.localParticipant.takeBack(source);
    this.remoteParticipants.clear();
    this.emit(RoomEvent.Disconnected);
  }
  switchActiveDevice = async (...facts: string[]) => void (this.used = facts);
  join(identity: string, joinedAt: number): ParticipantFake {
    const participant = new ParticipantFake(identity);
    participant.joinedAt = new Date(joinedAt);
    this.remoteParticipants.set(identity, participant);
    return participant;
  }
}

/** A remote voice or picture, and the element that plays it. */
const remoteTrack = (kind: Track.Kind) => {
  const element = document.createElement('audio');
  return { kind, element, attach: () => element, detach: () => [element] };
};

const library = {
  Room: RoomFake,
  RoomEvent,
  Track,
  VideoPresets,
  LocalAudioTrack: LocalTrackFake,
  LocalVideoTrack: LocalTrackFake,
  setLogLevel: () => undefined,
} as unknown as MediaLibrary;

/** What the owner of the room was told. */
class Listener implements MediaListener {
  readonly told: unknown[] = [];
  gone = () => void this.told.push('gone');
  reconnecting = (now: boolean) => void this.told.push(now ? 'reconnecting' : 'reconnected');
  notYet = () => void this.told.push('not yet');
  mutedByHost = () => void this.told.push('muted by a host');
  deviceFailed = ({ kind, cause }: DeviceProblem) => void this.told.push([kind, cause]);
  deviceMended = (kind: string) => void this.told.push(['mended', kind]);
  deviceAllowed = (kind: string) => void this.told.push(['allowed', kind]);
  sharingFailed = (error: unknown) => void this.told.push(['sharing', (error as Error).name]);
}

const none: OpenDevices = { microphone: null, camera: null, microphoneId: '', cameraId: '', speakerId: '' };

function begin({
  devices = {},
  late = null,
  load = async () => library,
  silent = false,
}: {
  devices?: Partial<Record<keyof OpenDevices, unknown>>;
  late?: Promise<LateDevices> | null;
  load?: () => Promise<MediaLibrary>;
  silent?: boolean;
} = {}) {
  const remembered: Partial<DeviceChoices>[] = [];
  TestBed.configureTestingModule({
    providers: [
      MeetingRoom,
      { provide: MEDIA_LIBRARY, useValue: load },
      { provide: DeviceMemory, useValue: { remember: (choice: Partial<DeviceChoices>) => remembered.push(choice) } },
      { provide: Session, useValue: { me: () => ({ displayName: 'Tom Strand' }) } },
    ],
  });
  const room = TestBed.inject(MeetingRoom);
  const listener = new Listener();
  const handover = {
    entry: { url: 'wss://meet.example/rtc', token: 'let me in' },
    devices: { ...none, ...devices },
    late,
    silent,
  } as unknown as Handover;
  return { room, listener, remembered, connected: room.connect(handover, listener) };
}

async function inside(options: Parameters<typeof begin>[0] = {}) {
  const begun = begin(options);
  await begun.connected;
  await settled();
  return { ...begun, media: RoomFake.last };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const refusal = (name: string) => Object.assign(new Error(name), { name });

afterEach(() => document.body.replaceChildren());

describe('a media room that is joined', () => {
  it('connects with the entry and the devices that were open, and shows oneself', async () => {
    const [microphone, camera] = [new MediaFake('audio'), new MediaFake('video')];
    const { room, media } = await inside({
      devices: { microphone, camera, microphoneId: 'mic-1', cameraId: 'cam-1', speakerId: 'spk-1' },
    });
    expect(media.connected).toEqual(['wss://meet.example/rtc', 'let me in']);
    expect(media.options).toMatchObject({
      audioCaptureDefaults: { deviceId: 'mic-1' },
      videoCaptureDefaults: { deviceId: 'cam-1' },
      audioOutput: { deviceId: 'spk-1' },
    });
    expect(room.state()).toBe('connected');
    expect([room.microphoneOn(), room.cameraOn(), room.sharing()]).toEqual([true, true, false]);
    expect(room.devices()).toEqual({ audioinput: 'mic-1', videoinput: 'cam-1', audiooutput: 'spk-1' });
    expect([microphone.stopped, camera.stopped]).toEqual([false, false]);
  });

  it('that cannot be reached lets go of the devices, and whoever asked hears why', async () => {
    const camera = new MediaFake('video');
    const { connected, listener } = begin({
      devices: { camera },
      load: () => Promise.reject(refusal('ChunkLoadError')),
    });
    await expect(connected).rejects.toThrow('ChunkLoadError');
    expect(camera.stopped).toBe(true);
    expect(listener.told).toEqual([]);
  });

  it('brings in what the browser opened after the click on Join, and tells what did not open', async () => {
    const microphone = new MediaFake('audio');
    const problem = { kind: 'camera', cause: 'denied', title: '', text: '' } as const;
    const late = Promise.resolve({ ...none, microphone, problems: [problem] } as unknown as LateDevices);
    const { room, listener } = await inside({ late });
    expect(room.microphoneOn()).toBe(true);
    expect(listener.told).toEqual([['camera', 'denied']]);
  });

  it('stops a device that opens after the meeting was left', async () => {
    const camera = new MediaFake('video');
    let opens = (_: LateDevices): void => undefined;
    const { room } = await inside({ late: new Promise((resolve) => (opens = resolve)) });
    await room.leave();
    opens({ ...none, camera, problems: [] } as unknown as LateDevices);
    await settled();
    expect(camera.stopped).toBe(true);
  });

  it('stops a device that opens after the person has switched on another', async () => {
    const camera = new MediaFake('video');
    let opens = (_: LateDevices): void => undefined;
    const { room } = await inside({ late: new Promise((resolve) => (opens = resolve)) });
    await room.setCamera(true);
    opens({ ...none, camera, problems: [] } as unknown as LateDevices);
    await settled();
    expect(camera.stopped).toBe(true);
    expect(room.cameraOn()).toBe(true);
  });
});

describe('the people of a media room', () => {
  it('stand by arrival, oneself last, as their tokens say who they are', async () => {
    const { room, media } = await inside();
    media.join('j-late', 2_000).attributes = { userId: 'u-late', role: 'owner' };
    media.join('j-early', 1_000).attributes = { userId: 'u-early', role: 'something else' };
    media.emit(RoomEvent.ParticipantConnected);
    await settled();
    expect(room.participants().map(({ joinId, role, local }) => [joinId, role, local])).toEqual([
      ['j-early', 'participant', false],
      ['j-late', 'owner', false],
      ['j-me', 'participant', true],
    ]);
  });

  it('are read once for many events', async () => {
    const { room, media } = await inside();
    const pictures = new Set([room.participants()]);
    for (const event of [
      RoomEvent.TrackPublished,
      RoomEvent.ActiveSpeakersChanged,
      RoomEvent.ConnectionQualityChanged,
    ]) {
      media.emit(event);
      pictures.add(room.participants());
    }
    await settled();
    pictures.add(room.participants());
    expect(pictures.size).toBe(2);
  });

  it('present side by side: nobody’s screen hides another’s', async () => {
    const { room, media } = await inside();
    await room.setSharing(true);
    media.join('j-lea', 1).put(Track.Source.ScreenShare, {});
    media.join('j-tom', 2).put(Track.Source.ScreenShare, {});
    media.emit(RoomEvent.TrackPublished);
    await settled();
    expect(room.presenters().map(({ joinId }) => joinId)).toEqual(['j-lea', 'j-tom', 'j-me']);
  });

  it('are heard through elements that go with the voice', async () => {
    const { room, media } = await inside();
    const [voice, picture] = [remoteTrack(Track.Kind.Audio), remoteTrack(Track.Kind.Video)];
    media.emit(RoomEvent.TrackSubscribed, voice);
    media.emit(RoomEvent.TrackSubscribed, picture);
    expect(document.body.querySelectorAll('audio')).toHaveLength(1);
    media.emit(RoomEvent.TrackUnsubscribed, voice);
    expect(document.body.querySelectorAll('audio')).toHaveLength(0);
    media.emit(RoomEvent.TrackSubscribed, voice);
    await room.leave();
    expect(document.body.querySelectorAll('audio')).toHaveLength(0);
  });
});

describe('devices in a meeting', () => {
  it('a choice is kept for the next time, and the device that was chosen', async () => {
    const { room, media, remembered } = await inside();
    await room.setMicrophone(true);
    await room.setCamera(false);
    await room.useDevice('videoinput', 'cam-2');
    expect(remembered).toEqual([{ microphoneOn: true }, { cameraOn: false }, { camera: 'cam-2' }]);
    expect(media.used).toEqual(['videoinput', 'cam-2']);
    expect(room.devices().videoinput).toBe('cam-2');
  });

  it('one that fails is told by its kind and cause, and the meeting goes on', async () => {
    const { room, media, listener } = await inside();
    media.localParticipant.fails = refusal('NotReadableError');
    await room.setCamera(true);
    await room.setMicrophone(true);
    await room.setSharing(true);
    expect(listener.told).toEqual([
      ['camera', 'in-use'],
      ['microphone', 'in-use'],
      ['sharing', 'NotReadableError'],
    ]);
    expect(room.state()).toBe('connected');
  });

  it('a device whose permission is taken away is told as blocked, not as muted by a host, and waits for a click once allowed', async () => {
    const access = new AccessFake();
    const { room, media, listener } = await inside();
    const muted = (source: Track.Source) =>
      media.emit(
        RoomEvent.TrackMuted,
        { source, track: { mediaStreamTrack: { readyState: 'ended' } } },
        media.localParticipant,
      );
    await room.setMicrophone(true);
    await room.setCamera(true);
    await access.change('microphone', 'denied');
    muted(Track.Source.Microphone);
    muted(Track.Source.Camera);
    await settled();
    expect(listener.told).toEqual([
      ['microphone', 'denied'],
      ['camera', 'stopped'],
    ]);
    expect(room.blocked()).toMatchObject({ microphone: { cause: 'denied' }, camera: { cause: 'stopped' } });
    await access.change('microphone', 'granted');
    await access.change('camera', 'granted');
    expect(listener.told.slice(2)).toEqual([
      ['mended', 'microphone'],
      ['allowed', 'microphone'],
    ]);
    expect(room.blocked().microphone).toBeUndefined();
    access.gone();
  });

  it('a camera that one switches off is neither blocked nor gone', async () => {
    const { room, media, listener } = await inside();
    await room.setCamera(true);
    await room.setCamera(false);
    media.emit(
      RoomEvent.TrackMuted,
      { source: Track.Source.Camera, track: { mediaStreamTrack: { readyState: 'ended' } } },
      media.localParticipant,
    );
    await settled();
    expect(listener.told).toEqual([]);
  });

  it('a microphone that went off by another hand is told once, one’s own switch never', async () => {
    const { room, media, listener } = await inside();
    const muted = () => media.emit(RoomEvent.TrackMuted, { source: Track.Source.Microphone }, media.localParticipant);
    await room.setMicrophone(true);
    muted();
    muted();
    expect(listener.told).toEqual(['muted by a host']);
    await room.setMicrophone(true);
    await room.setMicrophone(false);
    muted();
    expect(listener.told).toHaveLength(1);
  });

  it('sound that the browser holds back is told until it plays', async () => {
    const { room, media } = await inside();
    media.canPlaybackAudio = false;
    media.emit(RoomEvent.AudioPlaybackStatusChanged);
    expect(room.soundBlocked()).toBe(true);
    media.canPlaybackAudio = true;
    media.emit(RoomEvent.AudioPlaybackStatusChanged);
    expect(room.soundBlocked()).toBe(false);
  });
});

describe('a media room that is lost', () => {
  it('says that it reconnects, and that it is back', async () => {
    const { room, media } = await inside();
    media.emit(RoomEvent.SignalReconnecting);
    expect(room.state()).toBe('reconnecting');
    media.emit(RoomEvent.Reconnected);
    expect(room.state()).toBe('connected');
  });

  it('tells that it is gone once, and waits for what comes', async () => {
    const { room, media, listener } = await inside();
    media.break();
    media.break();
    media.emit(RoomEvent.Reconnecting);
    expect(listener.told).toEqual(['gone']);
    expect(room.state()).toBe('away');
  });

  it('keeps what went out from here open, and takes it along when it comes back', async () => {
    const [microphone, camera] = [new MediaFake('audio'), new MediaFake('video')];
    const { room, media } = await inside({ devices: { microphone, camera, microphoneId: 'mic-1' } });
    media.join('j-lea', 1).put(Track.Source.Camera, {});
    await room.useDevice('audioinput', 'mic-2');
    await room.setSharing(true);
    await settled();
    media.break();
    await settled();
    expect([microphone.stopped, camera.stopped]).toEqual([false, false]);
    expect(room.participants().map(({ joinId }) => joinId)).toEqual(['j-lea', 'j-me']);
    await room.comeBack({ url: 'wss://meet.example/rtc', token: 'again' });
    await settled();
    expect(RoomFake.last).not.toBe(media);
    expect(RoomFake.last.connected).toEqual(['wss://meet.example/rtc', 'again']);
    expect(RoomFake.last.options).toMatchObject({ audioCaptureDefaults: { deviceId: 'mic-2' } });
    expect([room.state(), room.microphoneOn(), room.cameraOn(), room.sharing()]).toEqual([
      'connected',
      true,
      true,
      true,
    ]);
    expect([microphone.stopped, camera.stopped]).toEqual([false, false]);
  });

  it('does not bring back what was off, nor what is switched off meanwhile', async () => {
    const [microphone, camera] = [new MediaFake('audio'), new MediaFake('video')];
    const { room, media } = await inside({ devices: { microphone, camera } });
    media.break();
    await room.setMicrophone(false);
    expect(microphone.stopped).toBe(true);
    await room.setCamera(false);
    await room.setCamera(true);
    await room.comeBack({ url: '', token: '' });
    await settled();
    expect([room.microphoneOn(), room.cameraOn()]).toEqual([false, true]);
  });

  it('that cannot be reached again keeps everything for the next try', async () => {
    const microphone = new MediaFake('audio');
    const { room, media, listener } = await inside({ devices: { microphone } });
    media.break();
    const connect = RoomFake.prototype.reach;
    RoomFake.prototype.reach = () => Promise.reject(refusal('ConnectionError'));
    await expect(room.comeBack({ url: '', token: '' })).rejects.toThrow('ConnectionError');
    RoomFake.prototype.reach = connect;
    expect([listener.told, room.state(), microphone.stopped]).toEqual([['gone'], 'away', false]);
    await room.comeBack({ url: '', token: '' });
    expect([room.state(), microphone.stopped]).toEqual(['connected', false]);
  });

  it('and is left for good lets go of every device', async () => {
    const [microphone, camera] = [new MediaFake('audio'), new MediaFake('video')];
    const { room, media } = await inside({ devices: { microphone, camera } });
    media.break();
    await room.leave();
    expect([microphone.stopped, camera.stopped]).toEqual([true, true]);
  });

  it('says that one cannot present before one is back', async () => {
    const { room, media, listener } = await inside();
    media.break();
    await room.setSharing(true);
    expect(listener.told).toEqual(['gone', 'not yet']);
  });

  it('by leaving tells nobody: the person knows', async () => {
    const { room, media, listener } = await inside();
    await room.leave();
    media.emit(RoomEvent.Disconnected, 1);
    expect(media.disconnected).toBe(true);
    expect(listener.told).toEqual([]);
    expect(room.state()).toBe('ended');
  });

  it('before it stood is told by connect() alone', async () => {
    const { connected, listener, room } = begin({
      load: async () =>
        ({
          ...library,
          Room: class extends RoomFake {
            override connect = async () => {
              this.emit(RoomEvent.Disconnected, 7);
              throw refusal('ConnectionError');
            };
          },
        }) as unknown as MediaLibrary,
    });
    await expect(connected).rejects.toThrow('ConnectionError');
    expect(listener.told).toEqual([]);
    expect(room.state()).toBe('connecting');
  });
});

describe('what is switched before one is inside', () => {
  it('goes as it was last wished: off stays off, on comes on', async () => {
    const [microphone, camera] = [new MediaFake('audio'), new MediaFake('video')];
    const { room, connected } = begin({ devices: { microphone, camera } });
    await room.setMicrophone(false);
    await room.setCamera(false);
    await room.setCamera(true);
    await connected;
    await settled();
    expect([microphone.stopped, room.microphoneOn(), room.cameraOn()]).toEqual([true, false, true]);
  });
});

describe('a screen that is no longer shared', () => {
  it('is let go of, whoever ends it', async () => {
    const { room, media } = await inside();
    await room.setSharing(true);
    const shown = new MediaFake('video');
    media.localParticipant.put(Track.Source.ScreenShare, new LocalTrackFake(shown));
    await room.setSharing(false);
    await settled();
    expect(shown.stopped).toBe(true);
  });
});

describe('a meeting that another device plays', () => {
  it('is silent here until the person says so', async () => {
    const { room, media } = await inside({ silent: true });
    const voice = remoteTrack(Track.Kind.Audio);
    media.emit(RoomEvent.TrackSubscribed, voice);
    expect([room.silent(), voice.element.muted]).toEqual([true, true]);
    await room.allowSound();
    expect([room.silent(), voice.element.muted]).toEqual([false, false]);
  });
});
