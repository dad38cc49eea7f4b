import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { DeviceMemory } from '../../core/device/device-memory';
import { watchAccess, whyItStopped, type DeviceAccess } from '../../core/media/device-access';
import {
  blockedDevice,
  deviceProblem,
  insecurePage,
  type DeviceKind,
  type DeviceProblem,
} from '../../core/media/device-problem';
import { heldInHand, otherWay } from '../../core/media/facing';
import type { Handover, OpenDevices } from '../../core/media/handover';
import { MicLevel } from '../../core/media/mic-level';

const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } as const;
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true } as const;

/** Camera and microphone before the meeting, straight from the browser: the media library is not loaded for this. */
@Injectable()
export class LocalPreview {
  private readonly memory = inject(DeviceMemory);
  private readonly choices = signal(this.memory.recall());
  private readonly problemOf = signal<Partial<Record<DeviceKind, DeviceProblem>>>({});
  private readonly devices = signal<readonly MediaDeviceInfo[]>([]);
  private level: MicLevel | null = null;
  private active = false;
  /** Everything that the browser was asked for and has not answered. */
  private asking: Promise<void> | null = null;

  readonly camera = signal<MediaStreamTrack | null>(null);
  readonly microphone = signal<MediaStreamTrack | null>(null);
  readonly problems = computed(() => Object.values(this.problemOf()));
  /** A device that is wanted and not there is neither on nor off. */
  readonly blocked = computed(() => {
    const { camera, microphone } = this.problemOf();
    return {
      camera: camera !== undefined && this.cameraOn(),
      microphone: microphone !== undefined && this.microphoneOn(),
    };
  });
  /** The browser has not answered for the devices that were remembered. */
  readonly opening = signal(false);
  /** How loud one is, 0 to 1. */
  readonly micLevel = signal(0);
  readonly cameraOn = computed(() => this.choices().cameraOn);
  readonly microphoneOn = computed(() => this.choices().microphoneOn);
  readonly cameras = computed(() => this.kind('videoinput'));
  readonly microphones = computed(() => this.kind('audioinput'));
  readonly speakers = computed(() => this.kind('audiooutput'));
  readonly cameraId = computed(() => this.camera()?.getSettings().deviceId ?? this.choices().camera);
  readonly microphoneId = computed(() => this.microphone()?.getSettings().deviceId ?? this.choices().microphone);
  readonly speakerId = computed(() => this.choices().speaker);
  /** There is a camera on the other side. */
  readonly canFlip = computed(() => this.camera() !== null && heldInHand());

  constructor() {
    const listed = () => void this.listDevices();
    navigator.mediaDevices?.addEventListener('devicechange', listed);
    const unwatch = watchAccess((kind, access) => this.accessChanged(kind, access));
    inject(DestroyRef).onDestroy(() => {
      unwatch();
      navigator.mediaDevices?.removeEventListener('devicechange', listed);
      this.release();
    });
  }

  /** Opens what the person had on last time. Both are asked for at once, so that the browser asks once. */
  start(): Promise<void> {
    return this.ask(() => this.openRemembered());
  }

  async setCamera(on: boolean): Promise<void> {
    this.remember({ cameraOn: on });
    if (on) await this.ask(() => this.openCamera());
    else this.closeCamera();
    if (!on) this.forget('camera');
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.remember({ microphoneOn: on });
    if (on) await this.ask(() => this.openMicrophone());
    else this.closeMicrophone();
    if (!on) this.forget('microphone');
  }

  async chooseCamera(id: string): Promise<void> {
    this.remember({ camera: id });
    if (this.cameraOn()) await this.ask(() => this.openCamera());
  }

  async chooseMicrophone(id: string): Promise<void> {
    this.remember({ microphone: id });
    if (this.microphoneOn()) await this.ask(() => this.openMicrophone());
  }

  /** To the camera that looks the other way, for this meeting: the next one begins with the one that was chosen. */
  async flipCamera(): Promise<void> {
    const camera = this.camera();
    if (!camera) return;
    const facingMode = otherWay(camera);
    await this.ask(() => this.openCamera({ ...CAMERA, facingMode }));
    this.choices.update((choices) => ({ ...choices, camera: this.cameraId() }));
  }

  chooseSpeaker(id: string): void {
    this.remember({ speaker: id });
  }

  /**
   * Gives the open tracks away; the preview no longer owns them. What is still being opened follows. Without the microphone it is
   * closed here, and stays chosen for the next time.
   */
  handOver({ microphone } = { microphone: true }): Pick<Handover, 'devices' | 'late' | 'blocked'> {
    const take = () => {
      if (!microphone) this.closeMicrophone();
      return this.take();
    };
    const late = this.asking?.then(() => ({ ...take(), problems: this.problems() })) ?? null;
    return { devices: take(), late, blocked: late ? [] : this.problems() };
  }

  release(): void {
    this.active = false;
    this.closeCamera();
    this.closeMicrophone();
  }

  /** What is asked for in here is waited for by whoever takes the devices over. */
  private ask(work: () => Promise<void>): Promise<void> {
    const asked: Promise<void> = Promise.all([this.asking, work()]).then(() => {
      if (this.asking === asked) this.asking = null;
    });
    return (this.asking = asked);
  }

  private async openRemembered(): Promise<void> {
    this.active = true;
    this.problemOf.set({});
    const { cameraOn, microphoneOn } = this.choices();
    if (!navigator.mediaDevices) {
      this.problemOf.set({ microphone: insecurePage('microphone'), camera: insecurePage('camera') });
      return;
    }
    this.opening.set(true);
    try {
      if (cameraOn && microphoneOn) {
        try {
          this.keep(await navigator.mediaDevices.getUserMedia({ video: this.videoWish(), audio: this.audioWish() }));
          return;
        } catch {
          // One of the two is the cause; opening them apart tells which.
        }
      }
      if (microphoneOn) await this.openMicrophone();
      if (cameraOn) await this.openCamera();
    } finally {
      await this.listDevices();
      this.opening.set(false);
    }
  }

  /** Few phones open one camera while another is open. */
  private async openCamera(video = this.videoWish()): Promise<void> {
    this.closeCamera();
    await this.open('camera', { video });
  }

  private async openMicrophone(): Promise<void> {
    this.closeMicrophone();
    await this.open('microphone', { audio: this.audioWish() });
  }

  private async open(kind: DeviceKind, wish: MediaStreamConstraints): Promise<void> {
    this.problemOf.update(({ [kind]: _gone, ...others }) => others);
    try {
      this.keep(await navigator.mediaDevices.getUserMedia(wish));
    } catch (error) {
      this.problemOf.update((problems) => ({ ...problems, [kind]: deviceProblem(kind, error) }));
    }
    await this.listDevices();
  }

  /** Nobody needs to hear of a device that is not wanted. */
  private forget(kind: DeviceKind): void {
    this.problemOf.update(({ [kind]: _gone, ...others }) => others);
  }

  /** What the person changes in the browser's settings while the page is open holds here at once. */
  private accessChanged(kind: DeviceKind, access: DeviceAccess): void {
    if (!this.active) return;
    if (access === 'denied' && this.isOpen(kind)) this.lost(kind, blockedDevice(kind));
    const cause = this.problemOf()[kind]?.cause;
    // Changing one permission, some browsers take all devices back for a moment.
    if (access === 'granted' && this.blocked()[kind] && (cause === 'denied' || cause === 'stopped'))
      void this.ask(() => (kind === 'camera' ? this.openCamera() : this.openMicrophone()));
  }

  private isOpen(kind: DeviceKind): boolean {
    return (kind === 'camera' ? this.camera() : this.microphone()) !== null;
  }

  /** It went away, and nobody here switched it off. */
  private lost(kind: DeviceKind, problem: DeviceProblem): void {
    if (kind === 'camera') this.closeCamera();
    else this.closeMicrophone();
    this.problemOf.update((problems) => ({ ...problems, [kind]: problem }));
  }

  private async ended(kind: DeviceKind, track: MediaStreamTrack): Promise<void> {
    const problem = await whyItStopped(kind);
    if (track === (kind === 'camera' ? this.camera() : this.microphone())) this.lost(kind, problem);
  }

  private keep(stream: MediaStream): void {
    const [video] = stream.getVideoTracks();
    const [audio] = stream.getAudioTracks();
    // The person may have left or switched off while the browser was asking.
    if (video && this.active && this.cameraOn()) {
      video.onended = () => void this.ended('camera', video);
      this.camera.set(video);
    } else video?.stop();
    if (!audio) return;
    if (!this.active || !this.microphoneOn()) return audio.stop();
    audio.onended = () => void this.ended('microphone', audio);
    this.microphone.set(audio);
    this.level = new MicLevel(audio, (level) => this.micLevel.set(level));
  }

  private take(): OpenDevices {
    const devices: OpenDevices = {
      microphone: this.microphone(),
      camera: this.camera(),
      microphoneId: this.microphoneId(),
      cameraId: this.cameraId(),
      speakerId: this.speakerId(),
    };
    this.stopMeter();
    for (const track of [devices.camera, devices.microphone]) if (track) track.onended = null;
    if (!this.asking) this.active = false;
    this.camera.set(null);
    this.microphone.set(null);
    return devices;
  }

  private closeCamera(): void {
    this.camera()?.stop();
    this.camera.set(null);
  }

  private closeMicrophone(): void {
    this.stopMeter();
    this.microphone()?.stop();
    this.microphone.set(null);
  }

  private stopMeter(): void {
    this.level?.stop();
    this.level = null;
    this.micLevel.set(0);
  }

  private remember(changes: Parameters<DeviceMemory['remember']>[0]): void {
    this.choices.update((choices) => ({ ...choices, ...changes }));
    this.memory.remember(changes);
  }

  private async listDevices(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    this.devices.set(devices);
  }

  /** Devices without an id are placeholders shown before permission. */
  private kind(kind: MediaDeviceKind): readonly MediaDeviceInfo[] {
    return this.devices().filter((device) => device.kind === kind && device.deviceId !== '');
  }

  private videoWish(): MediaTrackConstraints {
    const { camera } = this.choices();
    return { ...CAMERA, ...(camera && { deviceId: { ideal: camera } }) };
  }

  private audioWish(): MediaTrackConstraints {
    const { microphone } = this.choices();
    return { ...MICROPHONE, ...(microphone && { deviceId: { ideal: microphone } }) };
  }
}
