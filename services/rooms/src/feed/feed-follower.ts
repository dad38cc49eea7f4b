import { Bus } from '@conclave/messaging';
import { FeedConsumer, Transaction, type FeedConsumerOptions } from '@conclave/persistence';
import { Logger, Metrics } from '@conclave/platform';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { feedPage } from './feed-page.js';

interface PageRequest {
  after: string;
  limit: number;
}

/** Whom to follow, and what to do. */
export interface Followed {
  /** Key of the cursor: never change it, or everything is handled again. */
  readonly name: string;
  /** The other service's feed. */
  readonly feed: { listEvents(request: PageRequest): Promise<Parameters<typeof feedPage>[0]> };
  /** Subjects that say that something may be new: only hints, what they carry is not believed. */
  readonly hints: readonly string[];
  /** The effect, in the transaction that moves the cursor. */
  readonly handle: FeedConsumerOptions['handle'];
}

/** Follows other services' outboxes from boot to shutdown. */
@Injectable()
export class FeedFollower implements BeforeApplicationShutdown {
  private readonly consumers: FeedConsumer[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly transaction: Transaction,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  follow({ name, feed, hints, handle }: Followed): void {
    const { transaction, logger, metrics } = this;
    const pull = async (after: string, limit: number) => feedPage(await feed.listEvents({ after, limit }));
    const consumer = new FeedConsumer({ name, pull, handle, transaction, logger, metrics });
    for (const hint of hints) this.bus.subscribe(hint, () => consumer.wake());
    consumer.start();
    this.consumers.push(consumer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }
}
