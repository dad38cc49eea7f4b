import { timestampDate, type common } from '@conclave/contracts';
import { Bus, type BusSubscription } from '@conclave/messaging';
import { Logger, Metrics } from '@conclave/platform';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FeedPage } from '../outbox/outbox-feed.js';
import { Transaction } from '../transaction/transaction.js';
import { FeedConsumer, type FeedConsumerOptions } from './feed-consumer.js';

/** A page of another service's feed, as it travels. */
interface WirePage {
  readonly events: readonly common.FeedEvent[];
  readonly next: string;
}

/** Whom to follow, and what to do. */
export interface Followed {
  /** Key of the cursor: never change it, or everything is handled again. */
  readonly name: string;
  /** The other service's feed: its typed client. */
  readonly feed: { listEvents(page: { after: string; limit: number }): Promise<WirePage> };
  /** Subjects that say that something may be new: only hints, what they carry is not believed. */
  readonly hints: readonly string[];
  /** The effect, in the transaction that moves the cursor. */
  readonly handle: FeedConsumerOptions['handle'];
}

/** Follows other services' outboxes from boot to shutdown. */
@Injectable()
export class FeedFollower implements BeforeApplicationShutdown {
  private readonly consumers: FeedConsumer[] = [];
  private readonly subscriptions: BusSubscription[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly transaction: Transaction,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  follow({ name, feed, hints, handle }: Followed): void {
    const { transaction, logger, metrics } = this;
    const pull = async (after: string, limit: number) => pageOf(await feed.listEvents({ after, limit }));
    const consumer = new FeedConsumer({ name, pull, handle, transaction, logger, metrics });
    this.subscriptions.push(...hints.map((hint) => this.bus.subscribe(hint, () => consumer.wake())));
    consumer.start();
    this.consumers.push(consumer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }
}

const pageOf = ({ events, next }: WirePage): FeedPage => ({
  next,
  events: events.map(({ id, type, payload, occurredAt }) => ({
    id,
    type,
    payload: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>,
    occurredAt: occurredAt ? timestampDate(occurredAt) : new Date(0),
  })),
});
