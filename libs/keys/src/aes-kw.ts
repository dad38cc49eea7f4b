import { createCipheriv, createDecipheriv } from 'node:crypto';
import { KEY_LENGTH, type KeyClass, type SecretKey } from './secret-key.js';

/** A wrapped key: 32 bytes and the eight of the integrity check. */
export const WRAPPED_LENGTH = KEY_LENGTH + 8;

/** The integrity check value of RFC 3394 s2.2.3.1. */
const INTEGRITY_CHECK = Buffer.alloc(8, 0xa6);

/** Bytes that do not unwrap: another key wrapped them, or they were changed. Carries nothing of them. */
export class KeyUnwrapRefused extends Error {
  override readonly name = 'KeyUnwrapRefused';

  constructor() {
    super('a wrapped key does not unwrap under this key');
  }
}

/** AES-256-KW (RFC 3394) of one key under another: always 40 bytes. */
export function wrapKey(wrapping: SecretKey, key: SecretKey): Buffer {
  return wrapping.use((outer) =>
    key.use((inner) => {
      const cipher = createCipheriv('id-aes256-wrap', outer, INTEGRITY_CHECK);
      return Buffer.concat([cipher.update(inner), cipher.final()]);
    }),
  );
}

/** The key inside, or KeyUnwrapRefused. RFC 3394 checks its integrity before anything is given out. */
export function unwrapKey<K extends SecretKey>(wrapping: SecretKey, wrapped: Uint8Array, keyClass: KeyClass<K>): K {
  if (wrapped.length !== WRAPPED_LENGTH) throw new KeyUnwrapRefused();
  return wrapping.use((outer) => {
    const decipher = createDecipheriv('id-aes256-wrap', outer, INTEGRITY_CHECK);
    let bytes: Buffer;
    try {
      bytes = decipher.update(wrapped);
      decipher.final();
    } catch {
      throw new KeyUnwrapRefused();
    }
    try {
      if (bytes.length !== KEY_LENGTH) throw new KeyUnwrapRefused();
      return new keyClass(bytes);
    } finally {
      bytes.fill(0);
    }
  });
}
