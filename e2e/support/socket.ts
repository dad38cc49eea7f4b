import WebSocket from 'ws';
import { baseUrl, type Caller } from './api.js';

/** A WebSocket as no browser would open it: every header is ours to choose. */
export interface RawSocket {
  /** Text frames so far. */
  readonly frames: readonly string[];
  /** How it ended: the status of a refused handshake, or the code of the close. */
  readonly ended: Promise<number>;
  /** Settles when the handshake is done. */
  readonly opened: Promise<void>;
  /** Hears every text frame from now on. */
  onFrame(hear: (frame: string) => void): void;
  send(data: string | Uint8Array): void;
  close(): void;
}

/** Opens a socket with this person's cookie. */
export function openSocket(
  path: string,
  caller?: Pick<Caller, 'cookie'>,
  origin: string | undefined = baseUrl(),
): RawSocket {
  const socket = new WebSocket(baseUrl().replace(/^http/, 'ws') + path, {
    headers: { ...(origin && { origin }), ...(caller?.cookie && { cookie: caller.cookie }) },
    maxPayload: 1024 * 1024,
  });
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => frames.push(data.toString()));
  socket.on('error', () => undefined);
  const opened = new Promise<void>((resolve) => socket.once('open', () => resolve()));
  const ended = new Promise<number>((resolve) => {
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.once('close', resolve);
  });
  return {
    frames,
    ended,
    opened,
    onFrame: (hear) => void socket.on('message', (data: Buffer) => hear(data.toString())),
    send: (data) => socket.send(data),
    close: () => socket.close(),
  };
}
