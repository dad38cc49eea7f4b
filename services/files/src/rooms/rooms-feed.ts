import { broadcasts, rooms } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { FeedFollower, type FeedEvent } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Sweeper } from '../sweeper/sweeper.js';
import { ForgetRoom } from './forget-room.js';

/** Follows rooms: the files of a room that is gone are shredded, exactly once. */
@Injectable()
export class RoomsFeed implements OnApplicationBootstrap {
  constructor(
    private readonly follower: FeedFollower,
    @InjectClient(rooms.FeedService) private readonly feed: ServiceClient<typeof rooms.FeedService>,
    private readonly forgetRoom: ForgetRoom,
    private readonly sweeper: Sweeper,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.follow({
      name: 'rooms',
      feed: this.feed,
      hints: [broadcasts.outbox('rooms')],
      handle: (em, event) => this.handle(em, event),
    });
  }

  private async handle(em: EntityManager, { event }: FeedEvent): Promise<void> {
    if (event.case !== 'roomDeleted') return;
    await this.forgetRoom.execute(em, event.value);
    this.sweeper.soon();
  }
}
