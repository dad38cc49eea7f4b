import { DomainError } from '@conclave/errors';
import { WebSocket, type RawData } from 'ws';
import { HttpRefusal } from '../../http/problem.js';
import { mediaLimits } from './media-limits.js';

const connectMs = 8_000;

/** Our own leg to the media server, before the browser's is joined to it. */
export interface MediaUpstream {
  readonly socket: WebSocket;
  /** The first thing it said. */
  readonly first: Buffer;
  /** Everything it has said so far, in order; it is not read on until somebody takes it. */
  readonly said: () => readonly Buffer[];
}

/** Connects, and waits until the media server says something: then it has taken the person in, or has not. @throws DomainError */
export function connectUpstream(url: URL, userAgent: string): Promise<MediaUpstream> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: mediaLimits.serverFrameBytes,
    handshakeTimeout: connectMs,
    followRedirects: false,
    // Nothing of the browser's request goes on but its name: no cookie, no header that LiveKit might believe.
    headers: { 'user-agent': userAgent.slice(0, 256) },
  });
  const frames: Buffer[] = [];
  const hear = (data: RawData, binary: boolean): void => {
    // LiveKit speaks text only to who speaks text.
    if (binary) frames.push(data as Buffer);
  };
  return new Promise((resolve, reject) => {
    const fail = (refusal: DomainError): void => {
      clearTimeout(patience);
      socket.terminate();
      reject(refusal);
    };
    const patience = setTimeout(() => fail(new DomainError('UNAVAILABLE', { retryAfterSeconds: 1 })), connectMs);
    socket.on('message', hear);
    socket.on('message', () => {
      const [first] = frames;
      if (!first) return;
      // Nothing more may be read before the browser's side is there to take it.
      socket.pause();
      clearTimeout(patience);
      resolve({
        socket,
        first,
        said: () => {
          socket.removeAllListeners('message');
          return frames;
        },
      });
    });
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      fail(refusalOf(response.statusCode ?? 0));
    });
    socket.on('error', (cause) => fail(new DomainError('UNAVAILABLE', { cause })));
    socket.once('close', () => fail(new DomainError('UNAVAILABLE', { retryAfterSeconds: 1 })));
  });
}

/** What LiveKit itself refuses, in our words. */
export function refusalOf(status: number): DomainError {
  if (status === 401 || status === 403) return new DomainError('ADMISSION_ENDED');
  if (status === 404) return new DomainError('NOT_FOUND');
  if (status === 400) return new HttpRefusal(400, 'INVALID_ARGUMENT');
  return new DomainError('UNAVAILABLE', { retryAfterSeconds: 1 });
}
