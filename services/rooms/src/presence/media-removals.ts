import { afterCommit, Alarm, Transaction } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { MediaServer } from '../media/media-server.js';
import { RoomsMetrics } from '../metrics.js';
import {
  addRemovals,
  claimRemovals,
  dropRemoval,
  everybody,
  postponeRemoval,
  standingRemovals,
  type ClaimedRemoval,
  type MediaRemoval,
} from './media-removal-rows.js';
import { RevocationHint } from './revocation-hint.js';

/** How often every replica looks for what another one has left behind. */
const sweepMs = 500;
/** How long one that was taken on is left to its replica; doing it twice does no harm. */
const claimMs = 1_000;
/** After a failure, doubled each time. */
const firstPauseMs = 100;
const longestPauseMs = 1_000;
/** Tries that this replica makes as soon as they are due; later ones are any replica's, for this one may be cut off alone. */
const ownTries = 3;
/** Calls to the media server at one time. Closing a room holds a connection to the database meanwhile. */
const mostAtOnce = { closing: 2, removing: 16 };

/**
 * The second half of a revocation, durable: what is written with it is told to the media server until it confirms, by whichever
 * replica lives. A queue and no feed: one dead media node must not hold up those who are put out elsewhere.
 */
@Injectable()
export class MediaRemovals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly alarm = new Alarm();
  private readonly running = new Map<string, Promise<void>>();
  private readonly closing = new Set<string>();
  private following: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(
    private readonly transaction: Transaction,
    private readonly media: MediaServer,
    private readonly hint: RevocationHint,
    private readonly metrics: RoomsMetrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.following = this.follow();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.alarm.ring();
    await this.following;
    await Promise.all(this.running.values());
  }

  /** In the transaction of the revocation; the media server hears of it once that is committed. */
  async add(em: EntityManager, removals: readonly MediaRemoval[]): Promise<void> {
    if (removals.length === 0) return;
    afterCommit(em, () => this.alarm.ring());
    await addRemovals(em, removals, this.clock.now());
  }

  /** The same for media rooms as a whole. */
  close(em: EntityManager, roomId: string, mediaRoomIds: readonly string[]): Promise<void> {
    const whole = { roomId, joinId: everybody, userId: null, reason: null };
    return this.add(
      em,
      mediaRoomIds.map((mediaRoomId) => ({ ...whole, mediaRoomId })),
    );
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.takeOn();
        this.failing = false;
      } catch (error) {
        if (!this.failing) this.logger.warn('removals not looked for, trying again', { error });
        this.failing = true;
      }
      // Spread, so that one replica is not always the first.
      if (!this.stopped) await this.alarm.sleep(sweepMs * (0.5 + Math.random() / 2));
    }
  }

  private async takeOn(): Promise<void> {
    const now = this.clock.now();
    const { count, oldestAt } = await this.transaction.run(standingRemovals);
    this.metrics.removalsStand(count, oldestAt ? (now.getTime() - oldestAt.getTime()) / 1000 : 0);
    if (count === 0) return;
    const removing = this.running.size - this.closing.size;
    const lanes = [
      { closing: true, most: mostAtOnce.closing - this.closing.size },
      { closing: false, most: mostAtOnce.removing - removing },
    ];
    for (const lane of lanes) {
      if (lane.most <= 0) continue;
      const until = new Date(now.getTime() + claimMs);
      for (const claimed of await this.transaction.run((em) => claimRemovals(em, { ...lane, now, until })))
        this.start(claimed);
    }
  }

  private start(removal: ClaimedRemoval): void {
    const key = `${removal.mediaRoomId}/${removal.joinId}`;
    if (this.running.has(key)) return;
    if (removal.joinId === everybody) this.closing.add(key);
    const done = this.carryOut(removal).finally(() => {
      this.running.delete(key);
      this.closing.delete(key);
      // There may be more than fit at one time.
      if (this.running.size === 0) this.alarm.ring();
    });
    this.running.set(key, done);
  }

  private async carryOut(removal: ClaimedRemoval): Promise<void> {
    // Whoever committed the revocation may have died before it told anybody.
    this.hint.again(removal);
    try {
      if (removal.joinId === everybody) await this.closeRoom(removal);
      else await this.removeParticipant(removal);
      this.metrics.removals.inc({ outcome: 'done' });
    } catch (error) {
      this.metrics.removals.inc({ outcome: 'failed' });
      await this.postpone(removal, error);
    }
  }

  private async removeParticipant(removal: ClaimedRemoval): Promise<void> {
    await this.media.removeParticipant(removal.mediaRoomId, removal.joinId);
    await this.transaction.run((em) => dropRemoval(em, removal));
  }

  /** Under the room's lock, and only while nobody has come in since: they would lose their meeting by the end of the one before. */
  private async closeRoom(removal: ClaimedRemoval): Promise<void> {
    const { roomId, mediaRoomId } = removal;
    await this.transaction.run(async (em) => {
      await em.execute('select 1 from room where id = ? for update', [roomId]);
      const inside = await em.execute<unknown[]>(
        'select 1 from admission where coalesce(media_room_id, room_id) = ? and revoked_at is null limit 1',
        [mediaRoomId],
      );
      if (inside.length === 0) await this.media.closeRoom(mediaRoomId);
      await dropRemoval(em, removal);
    });
  }

  private async postpone(removal: ClaimedRemoval, error: unknown): Promise<void> {
    const { roomId, joinId, attempts } = removal;
    const pauseMs = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
    if (attempts === 1)
      this.logger.warn('the media server has not let go yet, trying again', { roomId, joinId, error });
    const dueAt = new Date(this.clock.now().getTime() + pauseMs);
    // Where this fails too it is due when its claim ends.
    await this.transaction.run((em) => postponeRemoval(em, removal, dueAt)).catch(() => undefined);
    if (attempts <= ownTries) setTimeout(() => this.alarm.ring(), pauseMs).unref();
  }
}
