import { auth, broadcasts } from '@conclave/contracts';
import { Bus, InjectClient, type ServiceClient } from '@conclave/messaging';
import { afterCommit, FeedConsumer, Transaction, type FeedEvent } from '@conclave/persistence';
import { Logger, Metrics } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { feedPage, strings } from '../feed/feed-page.js';
import { EndSessions } from './end-sessions.js';

/**
 * Follows auth: a session that ended there takes its admissions with it, exactly once. The broadcast is only the fast hint to
 * look at once; what it says is not believed.
 */
@Injectable()
export class SessionFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly consumer: FeedConsumer;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @InjectClient(auth.FeedService) feed: ServiceClient<typeof auth.FeedService>,
    @Inject(Transaction) transaction: Transaction,
    @Inject(EndSessions) private readonly endSessions: EndSessions,
    @Inject(PresenceRevoker) private readonly revoker: PresenceRevoker,
    @Inject(Logger) logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.consumer = new FeedConsumer({
      name: 'auth',
      pull: async (after, limit) => feedPage(await feed.listEvents({ after, limit })),
      handle: (em, event) => this.handle(em, event),
      transaction,
      logger,
      metrics,
    });
  }

  onApplicationBootstrap(): void {
    this.bus.subscribe(broadcasts.sessionRevoked, () => this.consumer.wake());
    this.bus.subscribe(broadcasts.outbox('auth'), () => this.consumer.wake());
    this.consumer.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumer.stop();
  }

  private async handle(em: EntityManager, { type, payload }: FeedEvent): Promise<void> {
    // Other things that happen at auth are none of ours.
    if (type !== 'session.revoked' || typeof payload['userId'] !== 'string') return;
    const ended = await this.endSessions.apply(em, {
      userId: payload['userId'],
      sessionIds: strings(payload['sessionIds']),
    });
    afterCommit(em, () => this.revoker.disconnect(ended));
  }
}
