import { DomainError } from '@conclave/errors';
import { PreparedQuery, type Orm } from '@conclave/persistence';
import type { Clock } from '@conclave/platform';
import { type Allowance, Throttle, throttleWindowSeconds } from '../credentials/throttle.js';

/** More doublings than any wait needs; keeps the power within a float. */
const mostDoublings = 20;

/** Throttles in Postgres, each step one statement of its own: every replica counts on, and a restart forgives nothing. */
export class PostgresThrottle extends Throttle {
  private readonly count: PreparedQuery<{ attempts: number }>;
  private readonly wait: PreparedQuery<{ blocked_until: number | null }>;
  private readonly uncount: PreparedQuery<never>;
  private readonly remove: PreparedQuery<never>;

  constructor(
    orm: Orm,
    private readonly clock: Clock,
  ) {
    super();
    // $1 key, $2 now, $3 start of the window, $4 free attempts, $5 longest wait. No row comes back while a wait lasts.
    const next = 'case when t.updated_at < $3::timestamptz then 1 else t.attempts + 1 end';
    const wait = (attempts: string) =>
      `case when ${attempts} >= $4::int then $2::timestamptz + interval '1 second'
         * least($5::float8, power(2, least(${attempts} - $4::int, ${mostDoublings}))) end`;
    this.count = new PreparedQuery(
      orm,
      'throttle_count',
      `insert into throttle as t (key, attempts, blocked_until, created_at, updated_at)
       values ($1, 1, ${wait('1')}, $2, $2)
       on conflict (key) do update
          set attempts = ${next}, blocked_until = ${wait(`(${next})`)}, updated_at = $2
        where t.blocked_until is null or t.blocked_until <= $2
       returning t.attempts`,
    );
    this.wait = new PreparedQuery(
      orm,
      'throttle_wait',
      `select (extract(epoch from blocked_until) * 1000)::float8 as blocked_until from throttle where key = $1`,
    );
    this.uncount = new PreparedQuery(
      orm,
      'throttle_uncount',
      `update throttle set attempts = greatest(attempts - 1, 0), blocked_until = null where key = $1`,
    );
    // A success sweeps along a few rows that no longer mean anything, so that the table does not grow for ever.
    this.remove = new PreparedQuery(
      orm,
      'throttle_forget',
      `delete from throttle where key = $1
          or key in (select key from throttle where updated_at < $2 order by updated_at limit 100 for update skip locked)`,
    );
  }

  override async take({ key, limit }: Allowance): Promise<void> {
    const now = this.clock.now();
    const counted = await this.count.first([
      key,
      now,
      this.clock.after(-throttleWindowSeconds),
      limit.free,
      limit.longestWait,
    ]);
    if (counted) return;
    const row = await this.wait.first([key]);
    const seconds = Math.ceil(((row?.blocked_until ?? 0) - now.getTime()) / 1000);
    throw new DomainError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, seconds) });
  }

  override async giveBack({ key }: Allowance): Promise<void> {
    await this.uncount.all([key]);
  }

  override async forget({ key }: Allowance): Promise<void> {
    await this.remove.all([key, this.clock.after(-throttleWindowSeconds)]);
  }
}
