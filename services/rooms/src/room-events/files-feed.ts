import { isId, broadcasts, files } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { FeedFollower, type FeedEvent } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
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

  private async handle(em: EntityManager, { event }: FeedEvent): Promise<void> {
    if (event.case !== 'fileAvailable' && event.case !== 'fileDeleted') return;
    const { roomId, fileId } = event.value;
    // Files of a room that is gone concern nobody.
    if (!isId(roomId) || !(await lockRoomById(em, roomId))) return;
    if (event.case === 'fileDeleted') return this.log.append(em, roomId, { case: 'fileDeleted', value: { fileId } });
    const { ownerId } = event.value;
    await this.log.append(em, roomId, { case: 'fileAvailable', value: { fileId, ownerId } });
  }
}
