import type { RawData, WebSocket } from 'ws';
import { closeCodes } from '../../live/close-codes.js';
import { closeSocket } from '../../live/close-socket.js';
import { mediaLimits } from './media-limits.js';
import type { MediaUpstream } from './media-upstream.js';
import { isForBrowser, isRequest } from './signal-rules.js';

/**
 * Joins the browser and our leg to the media server, frame by frame, both ways, with back-pressure; what ends one ends the other. Only
 * what the rules of signalling let through goes on.
 */
export function joinSockets(browser: WebSocket, upstream: MediaUpstream, onClosed: (code: number) => void): void {
  const server = upstream.socket;
  let closed = false;
  const end = (code: number): void => {
    if (closed) return;
    closed = true;
    onClosed(code);
  };
  const within = frameLimit(() => closeBoth(browser, server, closeCodes.policy, 'too many frames'));
  relay(browser, server, (data, binary) => {
    if (!within()) return false;
    // LiveKit would answer in text from then on, which nobody here reads.
    if (!binary) closeBoth(browser, server, closeCodes.badFrame, 'binary frames only');
    return binary && isRequest(data);
  });
  for (const data of upstream.said()) if (isForBrowser(data)) browser.send(data, { binary: true });
  relay(server, browser, (data, binary) => binary && isForBrowser(data));
  browser.on('close', (code) => {
    end(code);
    closeSocket(server, sendable(code), '');
  });
  server.on('close', (code) => {
    end(code);
    closeSocket(browser, sendable(code), '');
  });
  // It may have gone while the browser's side was being opened.
  if (server.readyState === server.CLOSED) closeSocket(browser, sendable(1006), '');
}

/** Ends both sides; the media server learns of it at once, the browser gets the reason. */
export function closeBoth(browser: WebSocket, server: WebSocket, code: number, words: string): void {
  // The server first and hard: it must not believe that this participant is still there.
  server.terminate();
  closeSocket(browser, code, words);
}

function relay(from: WebSocket, to: WebSocket, allow: (data: Buffer, binary: boolean) => boolean): void {
  from.on('error', () => undefined); // `close` follows
  from.on('message', (data: RawData, binary: boolean) => {
    // The socket's binaryType is nodebuffer, and messages are not fragmented for us.
    if (to.readyState !== to.OPEN || !allow(data as Buffer, binary)) return;
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

/** Codes that say "no code was given" may not be sent (RFC 6455, 7.4.1). */
const sendable = (code: number): number =>
  code === 1005 || code === 1006 || code === 1015 || code < 1000 ? 1001 : code;
