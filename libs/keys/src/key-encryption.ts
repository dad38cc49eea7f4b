import type { KeyClass, MessageKey, RoomKey } from './secret-key.js';

/** A key wrapped by the KEK of that version. */
export interface WrappedKey {
  /** 40 bytes: AES-256-KW. */
  readonly wrapped: Uint8Array;
  /** `v1`, `v2` … */
  readonly version: string;
}

/** The keys that a KEK wraps. DEKs are wrapped by their room's key, one step down the ladder. */
export type RootKey = RoomKey | MessageKey;

/**
 * The port to the top of the ladder. The file adapter is here; a transit engine or a cloud's key service fits the same three
 * verbs, which is why they are asynchronous and why no KEK is ever handed out.
 */
export interface KeyEncryption {
  /** The version that `wrap` and `rotate` use. */
  readonly activeVersion: string;
  wrap(key: RootKey): Promise<WrappedKey>;
  /** Of any version still held. KeyUnwrapRefused when it does not open, KekVersionUnknown when that version is gone. */
  unwrap<K extends RootKey>(wrapped: WrappedKey, keyClass: KeyClass<K>): Promise<K>;
  /** The same key under the active version; unchanged when it already is. */
  rotate(wrapped: WrappedKey): Promise<WrappedKey>;
}

/** A wrapped key names a KEK version that this service does not hold. */
export class KekVersionUnknown extends Error {
  override readonly name = 'KekVersionUnknown';

  constructor(readonly version: string) {
    super(`no key encryption key of version ${version} is held here`);
  }
}
