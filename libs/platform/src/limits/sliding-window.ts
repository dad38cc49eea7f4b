import type { Clock } from '../clock.js';
import type { RateDecision } from './rate-limiter.js';

/**
 * At most `max` calls in any `windowSeconds`, by key and exact (it remembers each call): for few and precious attempts,
 * such as access codes. In memory, per process.
 */
export class SlidingWindow {
  private readonly calls = new Map<string, number[]>();

  constructor(
    private readonly clock: Clock,
    private readonly max: number,
    private readonly windowSeconds: number,
    private readonly maxKeys = 100_000,
  ) {}

  /** Counts a call; a refused call is not counted. */
  take(key: string): RateDecision {
    const now = this.clock.now().getTime();
    const recent = (this.calls.get(key) ?? []).filter((at) => at > now - this.windowSeconds * 1000);
    const allowed = recent.length < this.max;
    if (allowed) recent.push(now);
    this.calls.delete(key);
    this.calls.set(key, recent);
    const oldestKey = this.calls.keys().next().value;
    if (this.calls.size > this.maxKeys && oldestKey !== undefined) this.calls.delete(oldestKey);
    const oldest = recent[0] ?? now;
    return {
      allowed,
      remaining: this.max - recent.length,
      retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((oldest + this.windowSeconds * 1000 - now) / 1000)),
    };
  }

  /** Forgets a key's calls. */
  reset(key: string): void {
    this.calls.delete(key);
  }
}
