import type { IncomingMessage } from 'node:http';
import { sever } from '@conclave/platform';

/** How fast a body must come. */
export interface BodyPace {
  /** At least so many bytes in so many milliseconds, unless we are the ones who do not read. */
  readonly bytes: number;
  readonly ms: number;
  /** All of it within so many milliseconds, for a body that says it has so many bytes. */
  readonly wholeMs: (bytes: number) => number;
}

/** A body that a client sends honestly is there at once. */
export const defaultPace: BodyPace = { bytes: 1024, ms: 5_000, wholeMs: () => 15_000 };

/** A file: what a slow line can do, and no slower. At 16 KiB a second the largest file takes a day and a half. */
export const filePace: BodyPace = {
  bytes: 16 * 1024,
  ms: 30_000,
  wholeMs: (bytes) => 10 * 60_000 + (bytes / (16 * 1024)) * 1000,
};

/** After an early answer: so long a client may go on sending until the answer is read. */
const lingerMs = 3_000;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Whether a body broke off, whoever broke it: nobody's fault here, and nobody is there to hear an answer. */
export const isBrokenOff = (body: IncomingMessage): boolean => body.destroyed && !body.complete;

/** Ends a body that drips: by its pace, and in all. Every body is under this clock before anybody looks at it. */
export function keepTime(body: IncomingMessage, { bytes, ms, wholeMs }: BodyPace, tooSlow: () => void): void {
  if (!hasBody(body)) return;
  let before = body.socket.bytesRead;
  const end = (): void => {
    if (body.complete || body.destroyed) return;
    tooSlow();
    body.destroy();
  };
  const pace = setInterval(() => {
    const { bytesRead } = body.socket;
    const waitsForUs = body.isPaused() || body.readableLength >= body.readableHighWaterMark;
    if (bytesRead - before < bytes && !waitsForUs) end();
    before = bytesRead;
  }, ms).unref();
  const whole = setTimeout(end, wholeMs(Number(body.headers['content-length'] ?? 0))).unref();
  const over = (): void => {
    clearInterval(pace);
    clearTimeout(whole);
  };
  body.once('close', over).once('end', over);
}

/** Reads on for a moment after an early answer: closing at once would reset the connection before the answer is read. */
export function lingerOver(body: IncomingMessage): void {
  if (body.complete || body.destroyed) return;
  const { socket } = body;
  const timer = setTimeout(() => sever(socket), lingerMs);
  body.on('error', () => undefined);
  body.once('close', () => clearTimeout(timer));
  body.once('end', () => clearTimeout(timer));
  body.resume();
}
