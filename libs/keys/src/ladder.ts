import { DomainError } from '@conclave/errors';
import { KeyUnwrapRefused, unwrapKey, wrapKey } from './aes-kw.js';
import type { KeyEncryption, RootKey, WrappedKey } from './key-encryption.js';
import { Dek, generateKey, type KeyClass, type RoomKey } from './secret-key.js';

/** A new key and the form in which it may be stored. */
export interface NewKey<K, W> {
  readonly key: K;
  readonly wrapped: W;
}

/** A new room or message key, wrapped by the active KEK. */
export async function newRootKey<K extends RootKey>(
  encryption: KeyEncryption,
  keyClass: KeyClass<K>,
): Promise<NewKey<K, WrappedKey>> {
  const key = generateKey(keyClass);
  try {
    return { key, wrapped: await encryption.wrap(key) };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

/** A new file's key, wrapped by its room's key (40 bytes). */
export function newDek(roomKey: RoomKey): NewKey<Dek, Buffer> {
  const key = generateKey(Dek);
  return { key, wrapped: wrapKey(roomKey, key) };
}

/** A file's key. One that does not unwrap (another room's, or changed) is FILE_INTEGRITY, like everything wrong with a file. */
export function openDek(roomKey: RoomKey, wrapped: Uint8Array): Dek {
  try {
    return unwrapKey(roomKey, wrapped, Dek);
  } catch (error) {
    if (error instanceof KeyUnwrapRefused) {
      throw new DomainError('FILE_INTEGRITY', { message: 'a wrapped DEK does not unwrap', cause: error });
    }
    throw error;
  }
}
