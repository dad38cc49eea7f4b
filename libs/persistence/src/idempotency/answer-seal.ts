import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

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
 * An answer is `01 | nonce | ciphertext | tag`: AES-256-GCM (NIST SP 800-38D) under HKDF-SHA-256 (RFC 5869) of the client's key,
 * salted with the service's secret, one key for each call; the hash of the request is authenticated with it.
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
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(call), nonce);
    cipher.setAAD(requestHash);
    return Buffer.concat([Buffer.of(version), nonce, cipher.update(answer), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error where anything of it was changed */
  open(call: CallIdentity, requestHash: Uint8Array, sealed: Uint8Array): Buffer {
    if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) throw new Error('not a sealed answer');
    const nonce = sealed.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(call), nonce, { authTagLength: tagBytes });
    decipher.setAAD(requestHash);
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }

  private keyOf({ key, userId, method }: CallIdentity): Buffer {
    const info = Buffer.from(`conclave idempotency answer\0${method}\0${userId}`);
    return Buffer.from(hkdfSync('sha256', Buffer.from(key), this.secret, info, 32));
  }

  private keyed(label: string, value: Uint8Array): Buffer {
    return createHmac('sha256', this.secret).update(`idempotency-${label}\0`).update(value).digest();
  }
}
