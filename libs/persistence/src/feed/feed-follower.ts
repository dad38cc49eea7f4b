import { common, eventKinds, timestampDate } from '@conclave/contracts';
import { Bus, type BusSubscription } from '@conclave/messaging';
import { Logger, Metrics, OperatorError } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FeedPage } from '../outbox/outbox-feed.js';
import { Transaction } from '../transaction/transaction.js';
import { FeedConsumer, type FeedItem } from './feed-consumer.js';

/** A page of another service's feed, as it travels. */
interface WirePage {
  readonly events: readonly common.FeedEvent[];
  readonly next: string;
}

/** One event of another service, as its follower gets it. */
export interface FeedEvent extends FeedItem {
  /** What happened, and its facts; always a kind that this release knows. */
  readonly event: Exclude<common.FeedEvent['event'], { case: undefined }>;
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
  readonly handle: (em: EntityManager, event: FeedEvent) => Promise<void>;
}

/** Follows other services' outboxes from boot to shutdown. */
@Injectable()
export class FeedFollower implements BeforeApplicationShutdown {
  private readonly consumers: FeedConsumer<Pulled>[] = [];
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
    const consumer = new FeedConsumer<Pulled>({
      name,
      pull,
      handle: async (em, { event, ...item }) => {
        if (event.case !== undefined) return handle(em, { ...item, event });
        // A kind of a later release concerns nobody here. One of ours without its facts is never skipped: it holds the feed.
        if (knownTypes.has(item.type)) throw new OperatorError(`${item.type} without its facts`);
      },
      transaction,
      logger,
      metrics,
    });
    this.subscriptions.push(...hints.map((hint) => this.bus.subscribe(hint, () => consumer.wake())));
    consumer.start();
    this.consumers.push(consumer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }
}

interface Pulled extends FeedItem {
  readonly event: common.FeedEvent['event'];
}

const knownTypes = new Set(eventKinds(common.FeedEventSchema).map(({ type }) => type));

const pageOf = ({ events, next }: WirePage): FeedPage<Pulled> => ({
  next,
  events: events.map(({ id, type, event, occurredAt }) => ({
    id,
    type,
    event,
    occurredAt: occurredAt ? timestampDate(occurredAt) : new Date(0),
  })),
});
