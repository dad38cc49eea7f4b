import type { Counter, Gauge, Metrics } from '@conclave/platform';

/** `feed_events_total`, `feed_failures_total`, `feed_lag_seconds` (event to effect, of the last one), by feed. */
export class FeedMetrics {
  private static readonly made = new WeakMap<Metrics, FeedMetrics>();
  private readonly events: Counter<'feed'>;
  private readonly failures: Counter<'feed'>;
  private readonly lag: Gauge<'feed'>;

  /** One for all feeds of a process: a metric can be registered only once. */
  static of(metrics: Metrics): FeedMetrics {
    const known = FeedMetrics.made.get(metrics);
    if (known) return known;
    const made = new FeedMetrics(metrics);
    FeedMetrics.made.set(metrics, made);
    return made;
  }

  private constructor(metrics: Metrics) {
    this.events = metrics.counter('feed_events_total', 'Events whose effect is committed', ['feed']);
    this.failures = metrics.counter('feed_failures_total', 'Attempts that failed', ['feed']);
    this.lag = metrics.gauge('feed_lag_seconds', 'From event to effect, of the last one', ['feed']);
  }

  /** A feed that is followed has its numbers from the start: an alert sees no series that is not there yet. */
  follows(feed: string): void {
    this.events.inc({ feed }, 0);
    this.failures.inc({ feed }, 0);
  }

  handled(feed: string, events: readonly { readonly occurredAt: Date }[]): void {
    this.events.inc({ feed }, events.length);
    const last = events.at(-1);
    if (last) this.lag.set({ feed }, Math.max(0, Date.now() - last.occurredAt.getTime()) / 1000);
  }

  failed(feed: string): void {
    this.failures.inc({ feed });
  }
}
