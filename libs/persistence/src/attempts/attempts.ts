import { DomainError } from '@conclave/errors';
import type { Clock } from '@conclave/platform';
import type { Orm } from '../orm/options.js';
import type { AttemptKey, Standing } from './attempt-limit.js';
import { AttemptRows, type Counted } from './attempt-rows.js';

/** An attempt that was counted before anybody looked at the secret. */
export interface CountedAttempt {
  /** One for each key, in their order. */
  readonly standings: readonly Standing[];
  /** The secret was right: each key forgets, or gives this attempt back, as it says. */
  succeeded(): Promise<void>;
  /** It was no attempt: nobody looked at the secret. */
  giveBack(): Promise<void>;
}

/**
 * Attempts at secrets, in Postgres: replicas count together, and a restart forgives nothing. Every step is a statement of its own
 * beside the caller's transaction, so that a refusal, which rolls that back, does not undo the count. Inject it by this class; the
 * table comes from `createAttemptSql`.
 */
export class Attempts {
  private readonly rows: AttemptRows;

  constructor(
    orm: Orm,
    private readonly clock: Clock,
  ) {
    this.rows = new AttemptRows(orm);
  }

  /**
   * Counts an attempt by every key, in one statement and before the secret is looked at: of a hundred at one moment only the free
   * ones get a look.
   *
   * @throws DomainError RATE_LIMITED while any of them waits; none is counted then
   */
  async count(keys: readonly AttemptKey[]): Promise<CountedAttempt> {
    const now = this.clock.now();
    const counted = await this.rows.count(keys, now);
    if (counted.size < keys.length) return this.refuse(keys, counted, now);
    return {
      standings: keys.map(({ key, limit }) => standing(counted.get(key), limit.free, now)),
      succeeded: () => this.settle(keys, counted),
      giveBack: () => this.giveBack(keys, counted),
    };
  }

  /**
   * The answer of `check`. A wrong secret costs an attempt of each key; a check that could not be made (BUSY, a server away) costs
   * none.
   *
   * @throws DomainError RATE_LIMITED before `check` is asked
   */
  async check(keys: readonly AttemptKey[], check: () => Promise<boolean>): Promise<boolean> {
    const attempt = await this.count(keys);
    let right: boolean;
    try {
      right = await check();
    } catch (error) {
      await attempt.giveBack();
      throw error;
    }
    if (right) await attempt.succeeded();
    return right;
  }

  /** What was counted has come to a good end after all, however long ago: one attempt of each key. */
  async giveBackOne(keys: readonly AttemptKey[]): Promise<void> {
    for (const key of keys) await this.rows.giveBack(key, { attempts: 0, blockedUntil: null });
  }

  private async refuse(keys: readonly AttemptKey[], counted: ReadonlyMap<string, Counted>, now: Date): Promise<never> {
    // Only where a wait began while the statement ran: it counts by no key when it sees one that waits.
    await this.giveBack(keys, counted);
    const until = await this.rows.latestWait(keys.map(({ key }) => key));
    throw new DomainError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, secondsUntil(until, now)) });
  }

  private async settle(keys: readonly AttemptKey[], counted: ReadonlyMap<string, Counted>): Promise<void> {
    const forgotten = keys.filter(({ success }) => success === 'forgets');
    for (const { key } of forgotten) await this.rows.forget(key);
    await this.giveBack(
      keys.filter(({ success }) => success === 'gives back'),
      counted,
    );
    await this.rows.sweep(this.clock.now());
  }

  private async giveBack(keys: readonly AttemptKey[], counted: ReadonlyMap<string, Counted>): Promise<void> {
    for (const key of keys) {
      const attempt = counted.get(key.key);
      if (attempt) await this.rows.giveBack(key, attempt);
    }
  }
}

const standing = (counted: Counted | undefined, free: number, now: Date): Standing => ({
  attempts: counted?.attempts ?? 0,
  left: Math.max(0, free - (counted?.attempts ?? 0)),
  waitSeconds: secondsUntil(counted?.blockedUntil ?? null, now),
});

const secondsUntil = (time: number | null, now: Date): number =>
  time === null ? 0 : Math.max(0, Math.ceil((time - now.getTime()) / 1000));
