import { broadcasts, files } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { FeedFollower, type FeedEvent } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { isUuid } from '../room/ids.js';
import { lockRoomById } from '../room/room-repository.js';
import { RoomEventLog } from '../room-log/room-event-log.js';

/** Follows files: what becomes available or goes stands in the room's log, exactly once. */
@Injectable()
export class FilesFeed implements OnApplicationBootstrap {
  constructor(
    private readonly follower: FeedFollower,
    @InjectClient(files.FeedService) private readonly feed: ServiceClient<typeof files.FeedService>,
    private readonly log: RoomEventLog,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.follow({
      name: 'files',
      feed: this.feed,
      hints: [broadcasts.outbox('files')],
      handle: (em, event) => this.handle(em, event),
    });
  }

  private async handle(em: EntityManager, { type, payload }: FeedEvent): Promise<void> {
    const { roomId, fileId, ownerId } = payload;
    if (typeof roomId !== 'string' || typeof fileId !== 'string' || !isUuid(roomId)) return;
    // Files of a room that is gone concern nobody.
    if (!(await lockRoomById(em, roomId))) return;
    if (type === 'file.available' && typeof ownerId === 'string')
      await this.log.append(em, roomId, { case: 'fileAvailable', value: { fileId, ownerId } });
    if (type === 'file.deleted') await this.log.append(em, roomId, { case: 'fileDeleted', value: { fileId } });
  }
}
