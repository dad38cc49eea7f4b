import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

/** Bytes of every key of the ladder. */
export const KEY_LENGTH = 32;

/**
 * 32 secret bytes that do not leak by accident: printed, serialised or inspected it says its kind and nothing else, its
 * bytes are reachable only inside `use`, and `destroy` wipes them. The subclasses differ by `kind`, so that a mix-up of
 * two keys does not compile.
 */
export abstract class SecretKey {
  abstract readonly kind: string;
  readonly #bytes: Buffer;
  #destroyed = false;

  /** Copies the bytes; the caller wipes its own. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_LENGTH) throw new RangeError(`a key has ${KEY_LENGTH} bytes`);
    // Not from Buffer's shared pool: the wipe must reach every copy that this class made.
    this.#bytes = Buffer.alloc(KEY_LENGTH);
    this.#bytes.set(bytes);
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }

  /** Lends the bytes for the length of the call; they must not be kept. Throws once the key is destroyed. */
  use<T>(work: (bytes: Uint8Array) => T): T {
    if (this.#destroyed) throw new Error(`this ${this.kind} has been destroyed`);
    return work(this.#bytes);
  }

  /** Wipes the bytes. May be called again. */
  destroy(): void {
    this.#bytes.fill(0);
    this.#destroyed = true;
  }

  toString(): string {
    return `[${this.kind}]`;
  }

  toJSON(): string {
    return `[${this.kind}]`;
  }

  [inspect.custom](): string {
    return `[${this.kind}]`;
  }
}

/** A class of keys: made from bytes. */
export type KeyClass<K extends SecretKey> = new (bytes: Uint8Array) => K;

/** Key encryption key: the top of the ladder, outside every database. */
export class Kek extends SecretKey {
  readonly kind = 'Kek';
}

/** A room's key: wraps the DEKs of its files. */
export class RoomKey extends SecretKey {
  readonly kind = 'RoomKey';
}

/** A room's message key: chat is sealed under it. */
export class MessageKey extends SecretKey {
  readonly kind = 'MessageKey';
}

/** Data encryption key: one file, used once. */
export class Dek extends SecretKey {
  readonly kind = 'Dek';
}

/** A new key from the CSPRNG. */
export function generateKey<K extends SecretKey>(keyClass: KeyClass<K>): K {
  const bytes = randomBytes(KEY_LENGTH);
  try {
    return new keyClass(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** A copy with a life of its own: destroying one leaves the other. */
export function cloneKey<K extends SecretKey>(key: K): K {
  return key.use((bytes) => new (key.constructor as KeyClass<K>)(bytes));
}
