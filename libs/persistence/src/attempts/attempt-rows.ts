import type { Orm } from '../orm/options.js';
import { PreparedQuery } from '../orm/prepared-query.js';
import type { AttemptKey } from './attempt-limit.js';

/** A row as an attempt left it; the time in milliseconds. */
export interface Counted {
  readonly attempts: number;
  readonly blockedUntil: number | null;
}

interface CountedRow {
  key: string;
  attempts: number;
  blocked_until: number | null;
}

/** More doublings than any wait needs; keeps the power within a float. */
const mostDoublings = 20;

const millisecondsOf = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** What an attempt makes of `attempts`; no wait while some are free. */
const blockedUntil = (attempts: string): string =>
  `case when ${attempts} >= a.free then $6::timestamptz + interval '1 second'
     * least(a.longest_wait, a.first_wait * power(2, least(${attempts} - a.free, ${mostDoublings}))) end`;
const forgottenAt = `$6::timestamptz + interval '1 second' * a.forget_after`;

/** The statements of `Attempts`. Each locks its rows in the order of their keys, or one alone: none waits in a circle. */
export class AttemptRows {
  private readonly counting: PreparedQuery<CountedRow>;
  private readonly waiting: PreparedQuery<{ until: number | null }>;
  private readonly giving: PreparedQuery<never>;
  private readonly forgetting: PreparedQuery<never>;
  private readonly sweeping: PreparedQuery<never>;

  constructor(orm: Orm) {
    // $1 to $5 the keys and their limits, $6 now. A row whose wait lasts is left as it is and does not come back.
    this.counting = new PreparedQuery(
      orm,
      'attempt_count',
      `with asked as (
         select * from unnest($1::text[], $2::int[], $3::float8[], $4::float8[], $5::float8[])
           as a (key, free, first_wait, longest_wait, forget_after)
       )
       insert into attempt as t (key, attempts, blocked_until, forgotten_at, created_at, updated_at)
       select a.key, 1, ${blockedUntil('1')}, ${forgottenAt}, $6, $6
         from asked a
        where not exists (select from attempt w join asked using (key) where w.blocked_until > $6::timestamptz)
        order by a.key collate "C"
       on conflict (key) do update set (attempts, blocked_until, forgotten_at, updated_at) = (
         select n.attempts, ${blockedUntil('n.attempts')}, ${forgottenAt}, $6::timestamptz
           from asked a,
                lateral (select case when t.forgotten_at < $6::timestamptz then 1 else t.attempts + 1 end as attempts) n
          where a.key = excluded.key)
        where t.blocked_until is null or t.blocked_until <= $6::timestamptz
       returning t.key, t.attempts, ${millisecondsOf('t.blocked_until')} as blocked_until`,
    );
    this.waiting = new PreparedQuery(
      orm,
      'attempt_wait',
      `select ${millisecondsOf('max(blocked_until)')} as until from attempt where key = any($1::text[])`,
    );
    // A wait that this attempt began ends with it. One that another began stays, unless without this one there was none to begin.
    this.giving = new PreparedQuery(
      orm,
      'attempt_give_back',
      `update attempt set attempts = greatest(attempts - 1, 0),
              blocked_until = case when attempts <= $3::int or ${millisecondsOf('blocked_until')} = $2::float8
                                   then null else blocked_until end
        where key = $1`,
    );
    this.forgetting = new PreparedQuery(orm, 'attempt_forget', `delete from attempt where key = $1`);
    // A few at a time, and none that somebody counts by: the table does not grow for ever, and nobody waits for this.
    this.sweeping = new PreparedQuery(
      orm,
      'attempt_sweep',
      `delete from attempt where key in
         (select key from attempt where forgotten_at < $1 order by forgotten_at limit 100 for update skip locked)`,
    );
  }

  /** Those that were counted, by key; the others wait. */
  async count(keys: readonly AttemptKey[], now: Date): Promise<ReadonlyMap<string, Counted>> {
    const limits = keys.map(({ limit }) => limit);
    const rows = await this.counting.all([
      keys.map(({ key }) => key),
      limits.map(({ free }) => free),
      limits.map(({ firstWaitSeconds }) => firstWaitSeconds),
      limits.map(({ longestWaitSeconds }) => longestWaitSeconds),
      limits.map(({ forgetAfterSeconds }) => forgetAfterSeconds),
      now,
    ]);
    return new Map(rows.map((row) => [row.key, { attempts: row.attempts, blockedUntil: row.blocked_until }]));
  }

  async latestWait(keys: readonly string[]): Promise<number | null> {
    return (await this.waiting.first([keys]))?.until ?? null;
  }

  async giveBack({ key, limit }: AttemptKey, counted: Counted): Promise<void> {
    await this.giving.all([key, counted.blockedUntil, limit.free]);
  }

  async forget(key: string): Promise<void> {
    await this.forgetting.all([key]);
  }

  async sweep(now: Date): Promise<void> {
    await this.sweeping.all([now]);
  }
}
