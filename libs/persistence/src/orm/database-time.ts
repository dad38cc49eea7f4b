import { performance } from 'node:perf_hooks';
import type { FollowingClock } from '@conclave/platform';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Orm } from './options.js';

/** Between two looks at the database's clock; so long a process that was put to sleep may be behind once it wakes. */
const everyMs = 5_000;

/**
 * Lets the clock of a process follow its database's, which all processes of a service share: what one of them writes down or signs
 * with a time, others compare with theirs, and machines may be an hour apart.
 */
export class DatabaseTime implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  private constructor(
    private readonly orm: Orm,
    private readonly clock: FollowingClock,
  ) {}

  static async follow(orm: Orm, clock: FollowingClock): Promise<DatabaseTime> {
    const time = new DatabaseTime(orm, clock);
    // The first answer may have waited for its connection; the second says it to the millisecond.
    await time.read();
    await time.read();
    time.schedule();
    return time;
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    const askedAt = performance.now();
    const [row] = await this.orm.em
      .getConnection()
      .execute<{ ms: number }[]>('select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms');
    if (row) this.clock.follow(row.ms, askedAt, performance.now());
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      // While the database is away our own time goes on, evenly.
      void this.read()
        .catch(() => undefined)
        .finally(() => this.schedule());
    }, everyMs);
    this.timer.unref();
  }
}
