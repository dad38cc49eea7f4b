/** Also runs in workers, which have no import map: no other package. */
import type * as pool from '../../pool/messages.js';
import type { WebAeadKeys } from '../aead.js';

/** The buffer is transferred; keys that are not extractable are cloned. */
export type WebRequest = pool.WorkerRequest<WebAeadKeys>;

/** Sealed: the buffer that came. Opened: a buffer of plaintext for each segment. All transferred. */
export type WebReply = pool.WorkerReply<readonly ArrayBuffer[]>;

/** What is used of a worker on either side of it, of `Worker` and of what is global in it. */
export interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message' | 'messageerror' | 'error', hear: (event: PortEvent) => void): void;
}

/** `data` of a message, `message` of an error. */
export interface PortEvent {
  readonly data?: unknown;
  readonly message?: string;
}

/** A worker as its owner sees it. */
export interface WebWorker extends Port {
  terminate(): void;
}
