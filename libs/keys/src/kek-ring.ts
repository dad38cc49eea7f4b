import { unwrapKey, wrapKey } from './aes-kw.js';
import { kekCheckValue } from './kek-check-value.js';
import { KekVersionUnknown, type KeyEncryption, type RootKey, type WrappedKey } from './key-encryption.js';
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

  async wrap(key: RootKey): Promise<WrappedKey> {
    return { wrapped: wrapKey(this.#kek(this.activeVersion), key), version: this.activeVersion };
  }

  async unwrap<K extends RootKey>({ wrapped, version }: WrappedKey, keyClass: KeyClass<K>): Promise<K> {
    return unwrapKey(this.#kek(version), wrapped, keyClass);
  }

  async rotate(from: WrappedKey): Promise<WrappedKey> {
    if (from.version === this.activeVersion) return from;
    // Which root key it is does not matter for the bytes; RoomKey stands for any.
    const key = await this.unwrap(from, RoomKey);
    try {
      return await this.wrap(key);
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
