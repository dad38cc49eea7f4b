import { createHmac, hkdfSync } from 'node:crypto';
import { openBox, sealBox } from '@conclave/platform';

/** What a call is known by, and what its answer is sealed under. */
export interface CallIdentity {
  readonly key: string;
  readonly userId: string;
  readonly method: string;
}

/**
 * Keeps answers that may hold a secret. The key of the seal is made of the client's own idempotency key, which lies nowhere: only
 * whoever repeats the call can open its answer, not who reads the table, and not this service by itself.
 *
 * An answer is a sealed box under HKDF-SHA-256 (RFC 5869) of the client's key, salted with the service's secret, one key for each call; the hash of the request is authenticated with it.
 */
export class AnswerSeal {
  /** @param secret of this service, at least 32 bytes: keeps keys that can be guessed from being tried on a copy of the table */
  constructor(private readonly secret: Uint8Array) {}

  /** What the key is found by; keyed, for a client's key may say something. */
  placeOf({ key }: CallIdentity): string {
    return this.keyed('key', Buffer.from(key)).toString('base64url');
  }

  /** Keyed: a bare hash of a short message or a chosen code could be found by guessing. */
  hashOf(request: Uint8Array): Buffer {
    return this.keyed('request', request);
  }

  seal(call: CallIdentity, requestHash: Uint8Array, answer: Uint8Array): Buffer {
    return sealBox({ key: this.keyOf(call), bound: requestHash }, answer);
  }

  /** @throws Error where anything of it was changed */
  open(call: CallIdentity, requestHash: Uint8Array, sealed: Uint8Array): Buffer {
    return openBox({ key: this.keyOf(call), bound: requestHash }, sealed);
  }

  private keyOf({ key, userId, method }: CallIdentity): Buffer {
    const info = Buffer.from(`conclave idempotency answer\0${method}\0${userId}`);
    return Buffer.from(hkdfSync('sha256', Buffer.from(key), this.secret, info, 32));
  }

  private keyed(label: string, value: Uint8Array): Buffer {
    return createHmac('sha256', this.secret).update(`idempotency-${label}\0`).update(value).digest();
  }
}
