import { LRUCache } from 'lru-cache';

/** How long, how much, and what becomes of what is dropped. */
export interface ExpiringCacheOptions<Value> {
  readonly ttlMs: number;
  /** Entries; the one that was used longest ago makes room. */
  readonly most: number;
  /** Milliseconds of the clock that decides. */
  readonly now: () => number;
  /** Called for everything that is dropped, for whatever reason. */
  readonly dispose?: (value: Value) => void;
  /** Drops what is over by itself, not only when somebody asks for it: for secrets. */
  readonly dropsIdle?: boolean;
}

/** The one cache: values by key, each for a time that ends sharply, and never more than so many. */
export class ExpiringCache<Value extends object | string> {
  private readonly entries: LRUCache<string, Value>;

  constructor(private readonly options: ExpiringCacheOptions<Value>) {
    const { ttlMs, most, dispose, dropsIdle = false } = options;
    this.entries = new LRUCache({
      max: most,
      ttl: lifeOf(ttlMs),
      ttlResolution: 0,
      ttlAutopurge: dropsIdle,
      perf: { now: () => this.now() },
      ...(dispose && { dispose: (value: Value) => dispose(value) }),
    });
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  /** Keeps a value; `since` is when it was true (now, if left out), `ttlMs` how long from then on it is. */
  keep(
    key: string,
    value: Value,
    { since, ttlMs = this.options.ttlMs }: { since?: number; ttlMs?: number } = {},
  ): void {
    const ttl = lifeOf(ttlMs);
    if (ttl > 0) this.entries.set(key, value, { ttl, start: since === undefined ? this.now() : since + shift });
    else this.drop(key);
  }

  drop(key: string): void {
    this.entries.delete(key);
  }

  /** Drops everything that is meant. */
  dropWhere(meant: (value: Value, key: string) => boolean): void {
    for (const [key, value] of [...this.entries.entries()]) if (meant(value, key)) this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  private now(): number {
    return this.options.now() + shift;
  }
}

/** lru-cache takes a start of zero for "never over", with which a clock may well begin. */
const shift = 1;

/** lru-cache drops what is older than its time; ours is over when the time is reached. */
const lifeOf = (ttlMs: number): number => Math.ceil(ttlMs) - 1;
