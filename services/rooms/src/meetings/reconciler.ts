import { InjectOrm, Transaction, type Orm } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { EndCredentials } from '../entry/end-credentials.js';
import { RoomsMetrics } from '../metrics.js';
import { ShredRooms } from '../rooms/shred-rooms.js';
import { ReconcileRoom } from './reconcile-room.js';

const shortestPauseMs = 30_000;
const longestPauseMs = 60_000;
const webhookMemoryMs = 3_600_000;

/** Every 30 to 60 s one replica makes meetings, participants and deletions true again: webhooks get lost, and processes die. */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @InjectOrm() private readonly orm: Orm,
    private readonly transaction: Transaction,
    private readonly reconcileRoom: ReconcileRoom,
    private readonly shredRooms: ShredRooms,
    private readonly endCredentials: EndCredentials,
    private readonly metrics: RoomsMetrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** One round, unless another replica is at it. True when it ran. */
  async runOnce(): Promise<boolean> {
    const pool = await this.orm.em.getConnection().getNativeClient();
    const lock = await pool.connect();
    // The lock belongs to this connection: it goes with the process, so a dead replica never keeps it.
    let held = false;
    try {
      const { rows } = await lock.query<{ held: boolean }>(
        `select pg_try_advisory_lock(hashtextextended('conclave.rooms.reconciler', 0)) as held`,
      );
      held = rows[0]?.held === true;
      if (held) await this.round();
      return held;
    } finally {
      if (held)
        await lock
          .query(`select pg_advisory_unlock(hashtextextended('conclave.rooms.reconciler', 0))`)
          .catch(() => undefined);
      lock.release();
    }
  }

  private schedule(): void {
    const pause = shortestPauseMs + Math.random() * (longestPauseMs - shortestPauseMs);
    this.timer = setTimeout(() => {
      this.running = this.runOnce()
        .then(() => undefined)
        .catch((error: unknown) => this.logger.warn('reconciliation failed', { error }))
        .finally(() => {
          if (!this.stopped) this.schedule();
        });
    }, pause);
    this.timer.unref();
  }

  private async round(): Promise<void> {
    const rooms = await this.transaction.run((em) =>
      em.execute<{ id: string; ended: boolean }[]>(
        // Rooms with a meeting, and rooms whose meeting ended lately: somebody may still hang on at the media server.
        `select distinct room_id as id, ended_at is not null as ended from meeting
          where ended_at is null or ended_at > ?`,
        [new Date(this.clock.now().getTime() - 10 * longestPauseMs)],
      ),
    );
    let drift = 0;
    for (const { id } of rooms)
      drift += await this.reconcileRoom.execute(id).catch((error: unknown) => {
        this.logger.warn('room not reconciled', { roomId: id, error });
        return 0;
      });
    this.metrics.drift.set(drift);
    this.metrics.active.set(rooms.filter(({ ended }) => !ended).length);
    await this.shredRooms.execute();
    await this.endCredentials.forget();
    await this.transaction.run((em) =>
      em.execute('delete from webhook_event where received_at < ?', [
        new Date(this.clock.now().getTime() - webhookMemoryMs),
      ]),
    );
  }
}
