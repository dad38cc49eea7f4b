import { InjectOrm, type Orm } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import type { FileState } from '../file/file-record.js';
import { FilesMetrics } from '../files-metrics.js';
import { CompareStore } from './compare-store.js';
import { Shredder } from '../file/shredder.js';
import { Space } from '../file/space.js';
import { UploadLeases } from '../file/upload-leases.js';
import { ReadBack } from './read-back.js';
import { SweepTimes } from './sweep-times.js';

const batch = 200;

/** Ends what was begun and not ended: deletions, dead uploads, unused reservations. One replica at a time. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;
  private stopped = false;
  private readonly stopping = new AbortController();
  private comparedAt = 0;

  constructor(
    @InjectOrm() private readonly orm: Orm,
    private readonly index: FileIndex,
    private readonly shredder: Shredder,
    private readonly compareStore: CompareStore,
    private readonly readBack: ReadBack,
    private readonly leases: UploadLeases,
    private readonly space: Space,
    private readonly times: SweepTimes,
    private readonly metrics: FilesMetrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(this.times.every * Math.random());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.stopping.abort(new Error('the process stops'));
    clearTimeout(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** There is something to remove: do not wait for the next turn. */
  soon(): void {
    if (!this.stopped) this.schedule(500);
  }

  /** One sweep, now; false when another replica is at it. */
  async sweep(options: { compare: boolean }): Promise<boolean> {
    const done = await this.alone(() =>
      this.metrics.observe('sweep', async () => {
        while ((await this.leases.endExpired()) > 0 && !this.stopped);
        await this.clear('deleting', 0);
        await this.clear('failed', this.times.failed);
        if (options.compare) await this.compare();
        await this.readBack.run(this.stopping.signal);
      }),
    );
    return done;
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.turn().finally(() => {
        if (!this.stopped) this.schedule(this.times.every * (0.8 + Math.random() * 0.4));
      });
    }, delay);
    this.timer.unref();
  }

  private async turn(): Promise<void> {
    const compare = Date.now() - this.comparedAt >= this.times.compareEvery;
    try {
      if ((await this.sweep({ compare })) && compare) this.comparedAt = Date.now();
    } catch (error) {
      this.logger.warn('sweep broke off, trying again', { error });
    }
  }

  private async compare(): Promise<void> {
    await this.compareStore.run();
    const mended = await this.space.mend();
    if (mended > 0) this.logger.warn('sums of space brought in order', { count: mended });
  }

  private async clear(state: FileState, patience: number): Promise<void> {
    for (;;) {
      const files = await this.index.unchangedSince([state], this.before(patience), batch);
      for (const file of files) {
        await this.shredder.shredKey(file.id);
        await this.shredder.remove(file);
      }
      if (files.length < batch || this.stopped) return;
    }
  }

  private before(patience: number): Date {
    // A moment is added so that what has just been marked counts at once.
    return new Date(this.clock.now().getTime() - patience + (patience === 0 ? 60_000 : 0));
  }

  /** Under a lock of the session, not of a transaction: an open one would hold back every event feed. */
  private async alone(work: () => Promise<void>): Promise<boolean> {
    const pool = await this.orm.em.getConnection().getNativeClient();
    const session = await pool.connect();
    try {
      const { rows } = await session.query<{ held: boolean }>(
        `select pg_try_advisory_lock(hashtextextended('conclave.files.sweeper', 0)) as held`,
      );
      if (!rows[0]?.held) return false;
      await work();
      return true;
    } finally {
      // Closing the session lets the lock go, whatever happened.
      session.release(true);
    }
  }
}
