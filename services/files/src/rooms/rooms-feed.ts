import { broadcasts, rooms, timestampDate } from '@conclave/contracts';
import { Bus, InjectClient, type BusSubscription, type ServiceClient } from '@conclave/messaging';
import { FeedConsumer, Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Sweeper } from '../sweeper/sweeper.js';
import { ForgetRoom } from './forget-room.js';

/** Follows what rooms announces. A message on the bus is only the wake-up; the truth is pulled. */
@Injectable()
export class RoomsFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly consumer: FeedConsumer;
  private subscription: BusSubscription | undefined;

  constructor(
    @InjectClient(rooms.FeedService) client: ServiceClient<typeof rooms.FeedService>,
    forgetRoom: ForgetRoom,
    sweeper: Sweeper,
    transaction: Transaction,
    logger: Logger,
    private readonly bus: Bus,
  ) {
    this.consumer = new FeedConsumer({
      name: 'rooms',
      pull: async (after, limit) => {
        const { events, next } = await client.listEvents({ after, limit });
        return {
          events: events.map(({ id, type, payload, occurredAt }) => ({
            id,
            type,
            payload: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>,
            occurredAt: occurredAt ? timestampDate(occurredAt) : new Date(0),
          })),
          next,
        };
      },
      handle: async (em, event) => {
        await forgetRoom.handle(em, event);
        if (event.type === 'room.deleted') sweeper.soon();
      },
      transaction,
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe(broadcasts.outbox('rooms'), () => this.consumer.wake());
    this.consumer.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.subscription?.unsubscribe();
    await this.consumer.stop();
  }
}
