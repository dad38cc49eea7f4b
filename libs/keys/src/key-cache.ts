import { ExpiringCache } from '@conclave/platform';
import { cloneKey, type SecretKey } from './secret-key.js';

/** Sizes of a cache. */
export interface KeyCacheOptions {
  /** How long an unwrapped key is kept: a few seconds, for the run of requests that one read is. */
  readonly ttlMs?: number;
  readonly maxEntries?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/**
 * Unwrapped keys for a few seconds, so that a read of many ranges does not unwrap for each of them. Callers get copies of
 * their own: dropping an entry wipes the cache's copy and nobody else's. `evict` and `clear` are for revocation, shredding
 * and rotation; a load that was under way at that moment is not kept.
 */
export class KeyCache<K extends SecretKey> {
  /** The load under way, or the key itself. */
  readonly #entries: ExpiringCache<Promise<K>>;

  constructor({ ttlMs = 5_000, maxEntries = 1_000, now = () => performance.now() }: KeyCacheOptions = {}) {
    this.#entries = new ExpiringCache<Promise<K>>({ ttlMs, most: maxEntries, now, dispose: wipe, dropsIdle: true });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A copy of the key, which the caller destroys. Requests at the same time share one `load`; a failed one is not kept. */
  async get(id: string, load: () => Promise<K>): Promise<K> {
    const known = this.#entries.get(id);
    if (known !== undefined) return cloneKey(await known);
    const key = load();
    this.#entries.keep(id, key);
    try {
      return cloneKey(await key);
    } catch (error) {
      if (this.#entries.get(id) === key) this.#entries.drop(id);
      throw error;
    }
  }

  /** Forgets one key at once. */
  evict(id: string): void {
    this.#entries.drop(id);
  }

  /** Forgets all keys at once; also at shutdown. */
  clear(): void {
    this.#entries.clear();
  }
}

function wipe(key: Promise<SecretKey>): void {
  // After the clones of those who wait for the same load: their continuations were registered first.
  key.then(
    (loaded) => loaded.destroy(),
    () => undefined,
  );
}
