import { TestBed } from '@angular/core/testing';
import { DeviceMemory, type DeviceChoices } from '../../core/device/device-memory';
import { AccessFake } from '../../core/media/access-fake';
import { LocalPreview } from './local-preview';

/** A device's track: what it is, and whether its light is still on. */
class TrackFake {
  stopped = false;
  onended: (() => void) | null = null;
  constructor(
    readonly kind: 'audio' | 'video',
    readonly deviceId: string,
    readonly facingMode?: string,
  ) {}
  stop = () => void (this.stopped = true);
  getSettings = () => ({ deviceId: this.deviceId, facingMode: this.facingMode });
}

const stream = (...tracks: TrackFake[]) => ({
  getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
  getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
});

type Wish = {
  audio?: { deviceId?: { ideal: string } };
  video?: { deviceId?: { ideal: string }; facingMode?: string };
};

/** The browser's devices. Each request waits until the spec answers it. */
class BrowserFake extends EventTarget {
  readonly asked: { wish: Wish; answer: (given: ReturnType<typeof stream> | Error) => void }[] = [];
  list: { kind: string; deviceId: string; label: string }[] = [];

  getUserMedia = (wish: Wish) =>
    new Promise((resolve, reject) => {
      this.asked.push({ wish, answer: (given) => (given instanceof Error ? reject(given) : resolve(given)) });
    });
  enumerateDevices = async () => this.list;

  /** Answers the oldest request that still waits. */
  async answer(given: ReturnType<typeof stream> | Error): Promise<Wish> {
    const request = this.asked.shift();
    if (!request) throw new Error('the browser was not asked');
    request.answer(given);
    await settled();
    return request.wish;
  }
}

/** A microphone without sound: the gauge has nothing to show here. */
class AudioContextFake {
  createMediaStreamSource = () => ({ connect: () => undefined, disconnect: () => undefined });
  createAnalyser = () => ({ fftSize: 0, getFloatTimeDomainData: () => undefined });
  close = async () => undefined;
}

/** Held in a hand, or standing on a desk. */
const pointer = (coarse: boolean) =>
  Object.assign(globalThis, { matchMedia: (query: string) => ({ matches: coarse && query === '(pointer:coarse)' }) });

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const refusal = (name: string) => Object.assign(new Error(name), { name });
const atFirst: DeviceChoices = { microphone: '', camera: '', speaker: '', microphoneOn: true, cameraOn: true };

let browser: BrowserFake;

beforeEach(() => {
  browser = new BrowserFake();
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: browser });
  Object.assign(globalThis, { AudioContext: AudioContextFake, MediaStream: class {} });
});

function open(choices: Partial<DeviceChoices> = {}) {
  const remembered: Partial<DeviceChoices>[] = [];
  const memory = {
    recall: () => ({ ...atFirst, ...choices }),
    remember: (change: Partial<DeviceChoices>) => remembered.push(change),
  };
  TestBed.configureTestingModule({ providers: [LocalPreview, { provide: DeviceMemory, useValue: memory }] });
  return { preview: TestBed.inject(LocalPreview), remembered };
}

describe('the preview of one’s devices', () => {
  it('asks the browser once for both, with the devices of last time', async () => {
    const { preview } = open({ camera: 'cam-2', microphone: 'mic-2' });
    const started = preview.start();
    expect(preview.opening()).toBe(true);
    const wish = await browser.answer(stream(new TrackFake('video', 'cam-2'), new TrackFake('audio', 'mic-2')));
    await started;
    expect([wish.video?.deviceId, wish.audio?.deviceId]).toEqual([{ ideal: 'cam-2' }, { ideal: 'mic-2' }]);
    expect([preview.cameraId(), preview.microphoneId(), preview.opening()]).toEqual(['cam-2', 'mic-2', false]);
  });

  it('asks for nothing that was off last time', async () => {
    const { preview } = open({ cameraOn: false, microphoneOn: false });
    await preview.start();
    expect(browser.asked).toHaveLength(0);
    expect([preview.camera(), preview.microphone()]).toEqual([null, null]);
  });

  it('asks for each alone when both fail, so that the one that works is there and the other is explained', async () => {
    const { preview } = open();
    const started = preview.start();
    await browser.answer(refusal('NotFoundError'));
    await browser.answer(stream(new TrackFake('audio', 'mic-1')));
    await browser.answer(refusal('NotFoundError'));
    await started;
    expect(preview.microphoneId()).toBe('mic-1');
    expect(preview.problems()).toMatchObject([{ kind: 'camera', cause: 'missing' }]);
  });

  it('forgets a problem when the device is tried again', async () => {
    const { preview } = open({ microphoneOn: false });
    const started = preview.start();
    await browser.answer(refusal('NotReadableError'));
    await started;
    expect(preview.problems()).toMatchObject([{ kind: 'camera', cause: 'in-use' }]);
    const again = preview.setCamera(true);
    expect(preview.problems()).toEqual([]);
    await browser.answer(stream(new TrackFake('video', 'cam-1')));
    await again;
    expect(preview.camera()).not.toBeNull();
  });

  it('says that a page without a secure address has no devices', async () => {
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    const { preview } = open();
    await preview.start();
    expect(preview.problems().map(({ kind, cause }) => [kind, cause])).toEqual([
      ['microphone', 'insecure'],
      ['camera', 'insecure'],
    ]);
  });

  it('switches a device off with its light, and remembers that', async () => {
    const { preview, remembered } = open({ microphoneOn: false });
    const camera = new TrackFake('video', 'cam-1');
    const started = preview.start();
    await browser.answer(stream(camera));
    await started;
    await preview.setCamera(false);
    expect([camera.stopped, preview.camera()]).toEqual([true, null]);
    expect(remembered).toEqual([{ cameraOn: false }]);
  });

  it('lets go of a device that arrives after it was switched off', async () => {
    const { preview } = open({ microphoneOn: false });
    const camera = new TrackFake('video', 'cam-1');
    const started = preview.start();
    await preview.setCamera(false);
    await browser.answer(stream(camera));
    await started;
    expect([camera.stopped, preview.camera()]).toEqual([true, null]);
  });

  it('lets go of a device that arrives after the person has gone', async () => {
    const { preview } = open();
    const [camera, microphone] = [new TrackFake('video', 'cam-1'), new TrackFake('audio', 'mic-1')];
    void preview.start();
    TestBed.resetTestingModule();
    await browser.answer(stream(camera, microphone));
    expect([camera.stopped, microphone.stopped]).toEqual([true, true]);
  });

  it('lists the devices that have names, again whenever one is plugged in', async () => {
    const { preview } = open({ cameraOn: false, microphoneOn: false });
    browser.list = [
      { kind: 'videoinput', deviceId: '', label: '' },
      { kind: 'audiooutput', deviceId: 'spk-1', label: 'Headphones' },
    ];
    await preview.start();
    expect(preview.cameras()).toEqual([]);
    expect(preview.speakers().map(({ label }) => label)).toEqual(['Headphones']);
    browser.list = [{ kind: 'videoinput', deviceId: 'cam-1', label: 'Desk camera' }];
    browser.dispatchEvent(new Event('devicechange'));
    await settled();
    expect(preview.cameras().map(({ label }) => label)).toEqual(['Desk camera']);
  });
});

describe('what the browser allows, changed while the page is open', () => {
  let access: AccessFake;
  beforeEach(() => void (access = new AccessFake()));
  afterEach(() => access.gone());

  it('closes what is forbidden, with words, and opens it again once it is allowed', async () => {
    const { preview } = open();
    const [camera, microphone] = [new TrackFake('video', 'cam-1'), new TrackFake('audio', 'mic-1')];
    const started = preview.start();
    await browser.answer(stream(camera, microphone));
    await started;
    await access.change('camera', 'denied');
    expect([camera.stopped, preview.camera(), preview.microphone()]).toEqual([true, null, microphone]);
    expect(preview.problems()).toMatchObject([{ kind: 'camera', cause: 'denied' }]);
    expect(preview.blocked()).toEqual({ camera: true, microphone: false });
    await access.change('camera', 'granted');
    await browser.answer(stream(new TrackFake('video', 'cam-1')));
    expect([preview.problems(), preview.camera() !== null]).toEqual([[], true]);
  });

  it('opens what was forbidden from the beginning, and nothing that is switched off', async () => {
    const { preview } = open({ cameraOn: false });
    void preview.start();
    await browser.answer(refusal('NotAllowedError'));
    await access.change('camera', 'granted');
    expect(browser.asked).toHaveLength(0);
    await access.change('microphone', 'granted');
    await browser.answer(stream(new TrackFake('audio', 'mic-1')));
    expect([preview.microphone() !== null, preview.problems()]).toEqual([true, []]);
  });

  it('is told from a device that went away by itself', async () => {
    const { preview } = open({ microphoneOn: false });
    const camera = new TrackFake('video', 'cam-1');
    void preview.start();
    await browser.answer(stream(camera));
    camera.onended?.();
    await settled();
    expect(preview.camera()).toBeNull();
    expect(preview.problems()).toMatchObject([{ kind: 'camera', cause: 'stopped' }]);
    await access.change('camera', 'granted');
    await browser.answer(stream(new TrackFake('video', 'cam-1')));
    expect(preview.problems()).toEqual([]);
  });

  it('is the meeting’s matter once that has the devices', async () => {
    const { preview } = open({ microphoneOn: false });
    const camera = new TrackFake('video', 'cam-1');
    void preview.start();
    await browser.answer(stream(camera));
    preview.handOver();
    await access.change('camera', 'denied');
    expect([camera.onended, camera.stopped, preview.problems()]).toEqual([null, false, []]);
  });
});

describe('a device that is held in a hand', () => {
  afterEach(() => pointer(false));

  it('turns the camera round and back, one open at a time, and begins the next meeting with the chosen one', async () => {
    pointer(true);
    const { preview, remembered } = open({ camera: 'front', microphoneOn: false });
    expect(preview.canFlip()).toBe(false);
    const front = new TrackFake('video', 'front', 'user');
    const started = preview.start();
    await browser.answer(stream(front));
    await started;
    expect(preview.canFlip()).toBe(true);

    const turned = preview.flipCamera();
    expect(front.stopped).toBe(true);
    const wish = await browser.answer(stream(new TrackFake('video', 'back', 'environment')));
    await turned;
    expect(wish.video).toMatchObject({ facingMode: 'environment' });
    expect(wish.video?.deviceId).toBeUndefined();
    expect([preview.cameraId(), remembered]).toEqual(['back', []]);

    const back = preview.flipCamera();
    expect((await browser.answer(stream(front))).video?.facingMode).toBe('user');
    await back;
  });

  it('keeps looking the way it looks when the camera was off for a while', async () => {
    pointer(true);
    const { preview } = open({ camera: 'front', microphoneOn: false });
    void preview.start();
    await browser.answer(stream(new TrackFake('video', 'front', 'user')));
    void preview.flipCamera();
    await browser.answer(stream(new TrackFake('video', 'back', 'environment')));
    await preview.setCamera(false);
    expect(preview.canFlip()).toBe(false);
    void preview.setCamera(true);
    expect((await browser.answer(stream(new TrackFake('video', 'back', 'environment')))).video?.deviceId).toEqual({
      ideal: 'back',
    });
  });

  it('is the only one that can', async () => {
    pointer(false);
    const { preview } = open({ microphoneOn: false });
    void preview.start();
    await browser.answer(stream(new TrackFake('video', 'cam-1')));
    expect(preview.canFlip()).toBe(false);
  });
});

describe('handing the devices to the meeting', () => {
  it('gives the open ones away: they stay alight, and leaving the page does not stop them', async () => {
    const { preview } = open({ speaker: 'spk-1' });
    const [camera, microphone] = [new TrackFake('video', 'cam-1'), new TrackFake('audio', 'mic-1')];
    const started = preview.start();
    await browser.answer(stream(camera, microphone));
    await started;
    const { devices, late } = preview.handOver();
    preview.release();
    expect(devices).toEqual({ camera, microphone, cameraId: 'cam-1', microphoneId: 'mic-1', speakerId: 'spk-1' });
    expect([camera.stopped, microphone.stopped, late]).toEqual([false, false, null]);
  });

  it('without the microphone closes it, also one that opens late, and keeps the choice for the next time', async () => {
    const { preview } = open();
    const microphone = new TrackFake('audio', 'mic-1');
    void preview.start();
    const { devices, late } = preview.handOver({ microphone: false });
    await browser.answer(stream(new TrackFake('video', 'cam-1'), microphone));
    expect([devices.microphone, (await late)?.microphone, microphone.stopped]).toEqual([null, null, true]);
    expect(preview.microphoneOn()).toBe(true);
  });

  it('sends after what the browser was still asking for, with what did not open', async () => {
    const { preview } = open();
    const microphone = new TrackFake('audio', 'mic-1');
    void preview.start();
    const { devices, late } = preview.handOver();
    expect([devices.camera, devices.microphone]).toEqual([null, null]);
    await browser.answer(refusal('NotAllowedError'));
    await browser.answer(stream(microphone));
    await browser.answer(refusal('NotAllowedError'));
    expect(await late).toMatchObject({ microphone, camera: null, problems: [{ kind: 'camera', cause: 'denied' }] });
  });
});
