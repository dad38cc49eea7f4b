import { auth, broadcasts } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { FeedFollower, type FeedEvent } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EndCredentials } from './end-credentials.js';

/** Follows auth: a credential that ended there takes its admissions with it, exactly once. */
@Injectable()
export class CredentialFeed implements OnApplicationBootstrap {
  constructor(
    private readonly follower: FeedFollower,
    @InjectClient(auth.FeedService) private readonly feed: ServiceClient<typeof auth.FeedService>,
    private readonly endCredentials: EndCredentials,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.follow({
      name: 'auth',
      feed: this.feed,
      hints: [broadcasts.credentialRevoked, broadcasts.outbox('auth')],
      handle: (em, event) => this.handle(em, event),
    });
  }

  private async handle(em: EntityManager, { event }: FeedEvent): Promise<void> {
    // Other things that happen at auth are none of ours.
    if (event.case !== 'sessionRevoked') return;
    const { userId, sessionIds } = event.value;
    await this.endCredentials.apply(em, { userId, credentialIds: sessionIds });
  }
}
