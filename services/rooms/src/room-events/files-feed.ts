import { broadcasts, files } from '@conclave/contracts';
import { Bus, InjectClient, type ServiceClient } from '@conclave/messaging';
import { FeedConsumer, Transaction, type FeedEvent } from '@conclave/persistence';
import { Logger, Metrics } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { feedPage } from '../feed/feed-page.js';
import { isUuid } from '../rooms/ids.js';
import { lockRoomById } from '../rooms/room-repository.js';
import { RoomEventLog } from './room-event-log.js';

/** Follows files: what becomes available or goes stands in the room's log, exactly once. */
@Injectable()
export class FilesFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly consumer: FeedConsumer;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @InjectClient(files.FeedService) feed: ServiceClient<typeof files.FeedService>,
    @Inject(Transaction) transaction: Transaction,
    @Inject(RoomEventLog) private readonly log: RoomEventLog,
    @Inject(Logger) logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.consumer = new FeedConsumer({
      name: 'files',
      pull: async (after, limit) => feedPage(await feed.listEvents({ after, limit })),
      handle: (em, event) => this.handle(em, event),
      transaction,
      logger,
      metrics,
    });
  }

  onApplicationBootstrap(): void {
    this.bus.subscribe(broadcasts.outbox('files'), () => this.consumer.wake());
    this.consumer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumer.stop();
  }

  private async handle(em: EntityManager, { type, payload }: FeedEvent): Promise<void> {
    const { roomId, fileId, ownerId } = payload;
    if (typeof roomId !== 'string' || typeof fileId !== 'string' || !isUuid(roomId)) return;
    // Files of a room that is gone concern nobody.
    if (!(await lockRoomById(em, roomId))) return;
    if (type === 'file.available' && typeof ownerId === 'string')
      await this.log.append(em, roomId, 'file.available', { fileId, ownerId });
    if (type === 'file.deleted') await this.log.append(em, roomId, 'file.deleted', { fileId });
  }
}
