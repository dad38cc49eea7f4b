import { expect, type BrowserContext, type Page } from '@playwright/test';

/** What reaches a page over its peer connections, summed. */
export interface Received {
  /** Video frames decoded from others. */
  readonly frames: number;
  /** Audio samples received from others. */
  readonly samples: number;
  /** Video tracks that decode something. */
  readonly videos: number;
}

/** Remembers every peer connection that pages of this context open, so that their statistics can be read. */
export async function watchMedia(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    Object.assign(window, { peerConnections: connections });
  });
}

/**
 * Cameras and screens of this context are small and slow: what is looked at is that pictures arrive, and each of them is encoded and
 * drawn on the cores that everything else runs on.
 */
export async function watchSmall(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (!('MediaDevices' in window)) return;
    const { getUserMedia, getDisplayMedia } = MediaDevices.prototype;
    const small = (wish: MediaTrackConstraints | boolean | undefined, size: MediaTrackConstraints) =>
      wish ? { ...(wish === true ? {} : wish), ...size } : false;
    MediaDevices.prototype.getUserMedia = function (wish = {}) {
      const camera = { width: { ideal: 320 }, height: { ideal: 180 }, frameRate: { ideal: 5 } };
      return getUserMedia.call(this, { ...wish, video: small(wish.video, camera) });
    };
    MediaDevices.prototype.getDisplayMedia = function (wish = {}) {
      const screen = { width: { max: 640 }, height: { max: 400 }, frameRate: { max: 5 } };
      return getDisplayMedia.call(this, { ...wish, video: small(wish.video ?? true, screen) });
    };
  });
}

/** Reads the statistics now. */
export const received = (page: Page): Promise<Received> =>
  page.evaluate(async () => {
    const { peerConnections } = window as unknown as { peerConnections: RTCPeerConnection[] };
    let [frames, samples, videos] = [0, 0, 0];
    for (const connection of peerConnections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        frames += report.framesDecoded ?? 0;
        samples += report.totalSamplesReceived ?? 0;
        if (report.kind === 'video' && report.framesDecoded > 0) videos++;
      }
    }
    return { frames, samples, videos };
  });

/** Frames and audio go on arriving: both grow between two looks. */
export async function expectLiveMedia(page: Page): Promise<void> {
  await expect.poll(async () => (await received(page)).frames, { timeout: 30_000 }).toBeGreaterThan(0);
  const before = await received(page);
  await expect.poll(async () => (await received(page)).frames, { timeout: 30_000 }).toBeGreaterThan(before.frames + 5);
  await expect.poll(async () => (await received(page)).samples, { timeout: 30_000 }).toBeGreaterThan(before.samples);
}
