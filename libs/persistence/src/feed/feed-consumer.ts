import type { Logger, Metrics } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FeedPage } from '../outbox/outbox-feed.js';
import type { Transaction } from '../transaction/transaction.js';
import { Alarm } from './alarm.js';
import { FeedMetrics } from './feed-metrics.js';

/** What a consumer knows of every event. */
export interface FeedItem {
  /** UUIDv7. */
  readonly id: string;
  readonly type: string;
  readonly occurredAt: Date;
}

/** What to follow, and what to do. */
export interface FeedConsumerOptions<E extends FeedItem> {
  /** Key of the cursor, for example `rooms`: never change it, or everything is handled again. */
  readonly name: string;
  /** Asks the source for the events after a cursor (empty: from the start). */
  readonly pull: (after: string, limit: number) => Promise<FeedPage<E>>;
  /** The effect, inside the transaction that moves the cursor. What it does outside of `em` must bear repetition. */
  readonly handle: (em: EntityManager, event: E) => Promise<void>;
  readonly transaction: Transaction;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Events in one transaction; 50 if left out. */
  readonly batch?: number;
  /** How often it looks without being woken; 30 s if left out. */
  readonly sweepMs?: number;
  /** First delay after a failure, doubled each time up to a minute; 1 s if left out. */
  readonly backOffMs?: number;
}

type Outcome = 'progress' | 'nothing' | 'failed';

/**
 * After a wake-up that finds nothing the event may still be hidden behind an older transaction: look again soon,
 * rather than at the next sweep.
 */
const ECHO_MS = [100, 300, 1000, 3000];
const MAX_BACK_OFF_MS = 60_000;
const SOURCE = 'source';

/**
 * Follows another service's outbox: each effect happens exactly once, however often this process or a replica of it
 * dies, because the cursor moves in the transaction of the effect. An event that fails is tried again and again and
 * holds up the ones behind it: it is never skipped.
 */
export class FeedConsumer<E extends FeedItem> {
  private readonly alarm = new Alarm();
  private running: Promise<void> | undefined;
  private stopping = false;
  private failures = 0;
  /** What failed last and is not behind us: an event's id, or SOURCE. */
  private stuckOn: string | undefined;

  private readonly metrics: FeedMetrics;

  constructor(private readonly options: FeedConsumerOptions<E>) {
    this.metrics = FeedMetrics.of(options.metrics);
    this.metrics.follows(options.name);
  }

  /** Starts following; the first look happens at once. */
  start(): void {
    this.running ??= this.follow();
  }

  /** Something may be new. Call it for every hint, it is cheap. */
  wake(): void {
    this.alarm.ring();
  }

  /** Ends after the transaction that runs now. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.alarm.ring();
    await this.running;
  }

  /** Handles everything there is now; true when all went well. For specs and for one-off runs. */
  async runOnce(): Promise<boolean> {
    return (await this.drain()) !== 'failed';
  }

  private async follow(): Promise<void> {
    const { sweepMs = 30_000, backOffMs = 1000 } = this.options;
    let echo = ECHO_MS.length;
    while (!this.stopping) {
      const outcome = await this.drain();
      if (this.stopping) return;
      if (outcome === 'failed') {
        // A wake-up must not shorten this, or a busy source would turn one bad event into a hot loop.
        await this.alarm.sleep(Math.min(backOffMs * 2 ** (this.failures - 1), MAX_BACK_OFF_MS), () => this.stopping);
        continue;
      }
      // Spread, so that replicas do not sweep in step.
      const woken = await this.alarm.sleep(ECHO_MS[echo] ?? sweepMs * (0.8 + Math.random() * 0.4));
      echo = woken ? 0 : echo + 1;
    }
  }

  private async drain(): Promise<Outcome> {
    let outcome: Outcome = 'nothing';
    for (;;) {
      const step = await this.step();
      if (step !== 'progress') return step === 'failed' ? 'failed' : outcome;
      outcome = 'progress';
      if (this.stopping) return outcome;
    }
  }

  private async step(): Promise<Outcome> {
    const { pull, batch = 50 } = this.options;
    let event: E | undefined;
    try {
      const after = await this.cursor();
      // While an event fails, one at a time: so the good ones in front of it get through.
      const careful = this.stuckOn !== undefined && this.stuckOn !== SOURCE;
      const page = await pull(after, careful ? 1 : batch);
      if (this.stuckOn === SOURCE) this.goOn();
      if (page.events.length === 0) return 'nothing';
      const outcome = await this.apply(after, page, (current) => (event = current));
      // Also when a replica was the one that got it through.
      if (outcome === 'faster' || page.events.some(({ id }) => id === this.stuckOn)) this.goOn();
      if (outcome === 'progress') this.metrics.handled(this.options.name, page.events);
      return outcome === 'faster' ? 'progress' : outcome;
    } catch (error) {
      this.failed(error, event);
      return 'failed';
    }
  }

  /** One transaction: the lock, the check that nobody was faster, the effects, the cursor. */
  private apply(after: string, page: FeedPage<E>, started: (event: E) => void): Promise<Outcome | 'faster'> {
    const { name, handle, transaction } = this.options;
    return transaction.run(async (em) => {
      const [row] = await em.execute<{ cursor: string }[]>(
        'select cursor from feed_cursor where name = ? for update skip locked',
        [name],
      );
      if (!row) return 'nothing'; // a replica is at it, and it looks again when it is done
      if (row.cursor !== after) return 'faster'; // a replica was: go on from where it is
      for (const event of page.events) {
        started(event);
        await handle(em, event);
        await em.flush();
      }
      await em.execute(
        'update feed_cursor set cursor = ?, updated_at = now() where name = ?',
        [page.next, name],
        'run',
      );
      return 'progress';
    });
  }

  private cursor(): Promise<string> {
    const { name, transaction } = this.options;
    return transaction.run(async (em) => {
      const read = () => em.execute<{ cursor: string }[]>('select cursor from feed_cursor where name = ?', [name]);
      const [row] = await read();
      if (row) return row.cursor;
      await em.execute('insert into feed_cursor (name) values (?) on conflict do nothing', [name], 'run');
      return (await read())[0]?.cursor ?? '';
    });
  }

  private failed(error: unknown, event: E | undefined): void {
    const { name, logger } = this.options;
    this.failures += 1;
    this.metrics.failed(name);
    const stuckOn = event?.id ?? SOURCE;
    if (this.stuckOn === stuckOn) return; // logged once, not once per attempt
    this.stuckOn = stuckOn;
    if (event) {
      logger.error('feed event failed, trying again', { feed: name, eventId: event.id, eventType: event.type, error });
    } else logger.warn('feed not reachable, trying again', { feed: name, error });
  }

  private goOn(): void {
    if (this.stuckOn === undefined) return;
    this.stuckOn = undefined;
    this.failures = 0;
    this.options.logger.info('feed goes on', { feed: this.options.name });
  }
}
