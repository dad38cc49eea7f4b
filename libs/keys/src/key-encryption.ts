import type { BoundKey } from './bound-key.js';
import type { Binding, KeyPlace } from './key-place.js';
import type { KeyClass, MessageKey, RoomKey } from './secret-key.js';

/** A key wrapped by the KEK of that version. */
export interface WrappedKey extends BoundKey {
  /** `v1`, `v2` … */
  readonly version: string;
}

/** The keys that a KEK wraps. DEKs are wrapped by their room's key, one step down the ladder. */
export type RootKey = RoomKey | MessageKey;

/** Where they lie. */
export type RootPlace = Exclude<KeyPlace, { purpose: 'file_key' }>;

/**
 * The port to the top of the ladder. The file adapter is here; a transit engine or a cloud's key service fits the same three
 * verbs, which is why they are asynchronous and why no KEK is ever handed out. The port names the place (`placeBytes`) and
 * not how it is bound: the file adapter derives a wrapping key, a key service takes the place as its associated data or context.
 */
export interface KeyEncryption {
  /** The version that `wrap` and `rotate` use. */
  readonly activeVersion: string;
  wrap(key: RootKey, place: RootPlace, binding: Binding): Promise<WrappedKey>;
  /** Of any version still held. KeyUnwrapRefused when it does not open there, KekVersionUnknown when that version is gone. */
  unwrap<K extends RootKey>(wrapped: WrappedKey, place: RootPlace, keyClass: KeyClass<K>): Promise<K>;
  /** The same key under the active version and bound to its place; unchanged when it already is both. */
  rotate(wrapped: WrappedKey, place: RootPlace): Promise<WrappedKey>;
}

/** A wrapped key names a KEK version that this service does not hold. */
export class KekVersionUnknown extends Error {
  override readonly name = 'KekVersionUnknown';

  constructor(readonly version: string) {
    super(`no key encryption key of version ${version} is held here`);
  }
}
