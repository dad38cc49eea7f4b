import type { RawData, WebSocket } from 'ws';
import { closeCodes } from '../../live/close-codes.js';

/** What a participant may send: signalling comes in bursts (candidates, subscriptions) and then hardly at all. */
export const mediaLimits = {
  /** Largest frame from a browser; an SDP with many tracks is the largest there is. */
  browserFrameBytes: 512 * 1024,
  /** Largest frame from the media server; a room's state at join. */
  serverFrameBytes: 8 * 1024 * 1024,
  /** Frames at once. */
  burst: 600,
  /** Frames that come back per second. */
  perSecond: 60,
  /** Unsent bytes on one side at which the other is not read. */
  highWaterBytes: 1024 * 1024,
} as const;

/** Joins two open WebSockets, frame by frame, both ways, with back-pressure; what ends one ends the other. */
export function joinSockets(browser: WebSocket, server: WebSocket, onClosed: (code: number) => void): void {
  let closed = false;
  const end = (code: number): void => {
    if (closed) return;
    closed = true;
    onClosed(code);
  };
  relay(
    browser,
    server,
    frameLimit(() => closeBoth(browser, server, closeCodes.policy, 'too many frames')),
  );
  relay(server, browser, () => true);
  browser.on('close', (code) => {
    end(code);
    shut(server, sendable(code));
  });
  server.on('close', (code) => {
    end(code);
    shut(browser, sendable(code));
  });
}

/** Ends both sides; the media server learns of it at once, the browser gets the reason. */
export function closeBoth(browser: WebSocket, server: WebSocket, code: number, words: string): void {
  // The server first and hard: it must not believe that this participant is still there.
  server.terminate();
  shut(browser, code, words);
}

function relay(from: WebSocket, to: WebSocket, allow: () => boolean): void {
  from.on('error', () => undefined); // `close` follows
  from.on('message', (data: RawData, binary: boolean) => {
    if (to.readyState !== to.OPEN || !allow()) return;
    to.send(data, { binary }, () => {
      if (from.isPaused && to.bufferedAmount < mediaLimits.highWaterBytes / 2) from.resume();
    });
    if (to.bufferedAmount > mediaLimits.highWaterBytes) from.pause();
  });
}

/** A token bucket of frames. */
function frameLimit(exceeded: () => void): () => boolean {
  let tokens: number = mediaLimits.burst;
  let at = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(mediaLimits.burst, tokens + ((now - at) / 1000) * mediaLimits.perSecond);
    at = now;
    if (tokens < 1) {
      exceeded();
      return false;
    }
    tokens -= 1;
    return true;
  };
}

function shut(socket: WebSocket, code: number, words = ''): void {
  if (socket.readyState === socket.CLOSED) return;
  if (socket.readyState === socket.CONNECTING) return socket.terminate();
  socket.close(code, words);
  setTimeout(() => socket.terminate(), 2_000).unref();
}

/** Codes that say "no code was given" may not be sent (RFC 6455, 7.4.1). */
const sendable = (code: number): number =>
  code === 1005 || code === 1006 || code === 1015 || code < 1000 ? 1001 : code;
