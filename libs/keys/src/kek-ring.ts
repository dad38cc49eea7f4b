import { unwrapFor, wrapFor } from './bound-key.js';
import { kekCheckValue } from './kek-check-value.js';
import {
  KekVersionUnknown,
  type KeyEncryption,
  type RootKey,
  type RootPlace,
  type WrappedKey,
} from './key-encryption.js';
import { Binding } from './key-place.js';
import { RoomKey, type Kek, type KeyClass } from './secret-key.js';

/** KEKs held in memory, by version. What the file adapter loads. */
export class KekRing implements KeyEncryption {
  readonly activeVersion: string;
  readonly #keks: ReadonlyMap<string, Kek>;

  constructor(keks: ReadonlyMap<string, Kek>, activeVersion: string) {
    if (!keks.has(activeVersion)) throw new KekVersionUnknown(activeVersion);
    this.#keks = new Map(keks);
    this.activeVersion = activeVersion;
  }

  /** Versions held, the active one among them. */
  get versions(): string[] {
    return [...this.#keks.keys()];
  }

  /** What tells each KEK from any other; no KEK can be told from it. */
  checkValues(): { readonly version: string; readonly value: Buffer }[] {
    return [...this.#keks].map(([version, kek]) => ({ version, value: kekCheckValue(kek) }));
  }

  async wrap(key: RootKey, place: RootPlace, binding: Binding): Promise<WrappedKey> {
    return { ...wrapFor(place, this.#kek(this.activeVersion), key, binding), version: this.activeVersion };
  }

  async unwrap<K extends RootKey>(wrapped: WrappedKey, place: RootPlace, keyClass: KeyClass<K>): Promise<K> {
    return unwrapFor(place, this.#kek(wrapped.version), wrapped, keyClass);
  }

  async rotate(from: WrappedKey, place: RootPlace): Promise<WrappedKey> {
    if (from.version === this.activeVersion && from.binding === Binding.place) return from;
    // Which root key it is does not matter for the bytes; RoomKey stands for any.
    const key = await this.unwrap(from, place, RoomKey);
    try {
      return await this.wrap(key, place, Binding.place);
    } finally {
      key.destroy();
    }
  }

  /** Wipes all KEKs; at shutdown. */
  destroy(): void {
    for (const kek of this.#keks.values()) kek.destroy();
  }

  #kek(version: string): Kek {
    const kek = this.#keks.get(version);
    if (kek === undefined) throw new KekVersionUnknown(version);
    return kek;
  }
}
