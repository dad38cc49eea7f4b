import { DomainError } from '@conclave/errors';
import { KeyUnwrapRefused } from './aes-kw.js';
import { unwrapFor, wrapFor, type BoundKey } from './bound-key.js';
import type { KeyEncryption, RootKey, RootPlace, WrappedKey } from './key-encryption.js';
import type { Binding, KeyPlace } from './key-place.js';
import { Dek, generateKey, type KeyClass, type RoomKey } from './secret-key.js';

/** A new key and the form in which it may be stored. */
export interface NewKey<K, W> {
  readonly key: K;
  readonly wrapped: W;
}

/** The row of a file's key. */
export type FilePlace = Extract<KeyPlace, { purpose: 'file_key' }>;

/** A new room or message key, wrapped by the active KEK for its row. */
export async function newRootKey<K extends RootKey>(
  encryption: KeyEncryption,
  keyClass: KeyClass<K>,
  place: RootPlace,
  binding: Binding,
): Promise<NewKey<K, WrappedKey>> {
  const key = generateKey(keyClass);
  try {
    return { key, wrapped: await encryption.wrap(key, place, binding) };
  } catch (error) {
    key.destroy();
    throw error;
  }
}

/** A room or message key. One that does not unwrap in this row (another row's, or changed) is FILE_INTEGRITY. */
export async function openRootKey<K extends RootKey>(
  encryption: KeyEncryption,
  keyClass: KeyClass<K>,
  place: RootPlace,
  wrapped: WrappedKey,
): Promise<K> {
  return encryption.unwrap(wrapped, place, keyClass).catch(refuse);
}

/** A new file's key, wrapped by its room's key for its row. */
export function newDek(roomKey: RoomKey, place: FilePlace, binding: Binding): NewKey<Dek, BoundKey> {
  const key = generateKey(Dek);
  return { key, wrapped: wrapFor(place, roomKey, key, binding) };
}

/** A file's key. One that does not unwrap (another row's, or changed) is FILE_INTEGRITY, like everything wrong with a file. */
export function openDek(roomKey: RoomKey, place: FilePlace, wrapped: BoundKey): Dek {
  try {
    return unwrapFor(place, roomKey, wrapped, Dek);
  } catch (error) {
    return refuse(error);
  }
}

/** One reason for whatever may be wrong with a wrapped key. */
function refuse(error: unknown): never {
  if (!(error instanceof KeyUnwrapRefused)) throw error;
  throw new DomainError('FILE_INTEGRITY', { message: 'a wrapped key does not unwrap', cause: error });
}
