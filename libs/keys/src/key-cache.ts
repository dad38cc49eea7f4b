import { cloneKey, type SecretKey } from './secret-key.js';

/** Sizes of a cache. */
export interface KeyCacheOptions {
  /** How long an unwrapped key is kept: a few seconds, for the run of requests that one read is. */
  readonly ttlMs?: number;
  readonly maxEntries?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

interface Entry<K> {
  /** The load under way, or the key itself. */
  readonly key: Promise<K>;
  readonly expiresAt: number;
}

/**
 * Unwrapped keys for a few seconds, so that a read of many ranges does not unwrap for each of them. Callers get copies of
 * their own: dropping an entry wipes the cache's copy and nobody else's. `evict` and `clear` are for revocation, shredding
 * and rotation; a load that was under way at that moment is not kept.
 */
export class KeyCache<K extends SecretKey> {
  readonly #entries = new Map<string, Entry<K>>();
  readonly #ttlMs: number;
  readonly #maxEntries: number;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ ttlMs = 5_000, maxEntries = 1_000, now = () => performance.now() }: KeyCacheOptions = {}) {
    this.#ttlMs = ttlMs;
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A copy of the key, which the caller destroys. Requests at the same time share one `load`; a failed one is not kept. */
  async get(id: string, load: () => Promise<K>): Promise<K> {
    this.#dropExpired();
    const known = this.#entries.get(id);
    if (known !== undefined) return cloneKey(await known.key);
    const key = load();
    const entry = { key, expiresAt: this.#now() + this.#ttlMs };
    this.#entries.set(id, entry);
    this.#dropOldest();
    this.#schedule();
    try {
      return cloneKey(await key);
    } catch (error) {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
      throw error;
    }
  }

  /** Forgets one key at once. */
  evict(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    wipe(entry.key);
  }

  /** Forgets all keys at once; also at shutdown. */
  clear(): void {
    for (const id of [...this.#entries.keys()]) this.evict(id);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #dropExpired(): void {
    const now = this.#now();
    for (const [id, entry] of this.#entries) {
      if (entry.expiresAt > now) return; // in order of insertion, which is the order of expiry
      this.evict(id);
    }
  }

  #dropOldest(): void {
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) return;
      this.evict(id);
    }
  }

  /** Without this an idle service would keep its last keys until the next request. */
  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dropExpired();
      if (this.#entries.size > 0) this.#schedule();
    }, this.#ttlMs);
    this.#timer.unref();
  }
}

function wipe(key: Promise<SecretKey>): void {
  // After the clones of those who wait for the same load: their continuations were registered first.
  key.then(
    (loaded) => loaded.destroy(),
    () => undefined,
  );
}
