import type { Clock } from '../clock.js';

/** How much is allowed. */
export interface RateLimit {
  /** Calls at once, and the size of the bucket. */
  readonly burst: number;
  /** Calls that come back per second, may be a fraction (`5 / 60`). */
  readonly perSecond: number;
}

/** The answer to one call. */
export interface RateDecision {
  readonly allowed: boolean;
  /** Whole calls that are left now. */
  readonly remaining: number;
  /** Seconds until this call could pass; 0 when it did. */
  readonly retryAfterSeconds: number;
}

interface Bucket {
  tokens: number;
  updatedAt: number;
}

/**
 * Token buckets by key, in memory: per process, so the real bound is limit × replicas. Holds at most `maxKeys` buckets;
 * a bucket that is full again is dropped first, then the one that was used longest ago.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly limit: RateLimit,
    private readonly maxKeys = 100_000,
  ) {}

  /** Takes `cost` from the bucket of `key`, or nothing when there is not enough. */
  take(key: string, cost = 1): RateDecision {
    const now = this.clock.now().getTime();
    const bucket = this.refilled(key, now);
    const allowed = bucket.tokens >= cost;
    if (allowed) bucket.tokens -= cost;
    // Re-inserting keeps the map in order of last use, which is what eviction needs.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > this.maxKeys) this.evict(now);
    const missing = allowed ? 0 : cost - bucket.tokens;
    return {
      allowed,
      remaining: Math.floor(bucket.tokens),
      retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(missing / this.limit.perSecond)),
    };
  }

  /** Fills the bucket again, for example after a success. */
  reset(key: string): void {
    this.buckets.delete(key);
  }

  /** Buckets in memory. */
  get size(): number {
    return this.buckets.size;
  }

  private refilled(key: string, now: number): Bucket {
    const bucket = this.buckets.get(key);
    if (!bucket) return { tokens: this.limit.burst, updatedAt: now };
    const elapsed = Math.max(0, now - bucket.updatedAt) / 1000;
    return { tokens: Math.min(this.limit.burst, bucket.tokens + elapsed * this.limit.perSecond), updatedAt: now };
  }

  private evict(now: number): void {
    let looked = 0;
    for (const [key, { tokens, updatedAt }] of this.buckets) {
      const refilled = tokens + ((now - updatedAt) / 1000) * this.limit.perSecond >= this.limit.burst;
      if (refilled) this.buckets.delete(key);
      if (++looked >= 64) break; // a bounded share of the work per call
    }
    const oldest = this.buckets.keys().next().value;
    if (this.buckets.size > this.maxKeys && oldest !== undefined) this.buckets.delete(oldest);
  }
}
