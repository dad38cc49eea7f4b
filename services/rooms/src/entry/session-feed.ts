import { auth, broadcasts } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { afterCommit, FeedFollower, type FeedEvent } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { EndSessions } from './end-sessions.js';

/** Follows auth: a session that ended there takes its admissions with it, exactly once. */
@Injectable()
export class SessionFeed implements OnApplicationBootstrap {
  constructor(
    private readonly follower: FeedFollower,
    @InjectClient(auth.FeedService) private readonly feed: ServiceClient<typeof auth.FeedService>,
    private readonly endSessions: EndSessions,
    private readonly revoker: PresenceRevoker,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.follow({
      name: 'auth',
      feed: this.feed,
      hints: [broadcasts.sessionRevoked, broadcasts.outbox('auth')],
      handle: (em, event) => this.handle(em, event),
    });
  }

  private async handle(em: EntityManager, { event }: FeedEvent): Promise<void> {
    // Other things that happen at auth are none of ours.
    if (event.case !== 'sessionRevoked') return;
    const ended = await this.endSessions.apply(em, event.value);
    afterCommit(em, () => this.revoker.disconnect(ended));
  }
}
