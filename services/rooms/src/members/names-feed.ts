import { auth, broadcasts, isId } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { FeedFollower } from '@conclave/persistence';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RenameMember } from './rename-member.js';

/** Follows auth by a cursor of its own: a name that cannot be asked for holds up no credential that ends. */
@Injectable()
export class NamesFeed implements OnApplicationBootstrap {
  constructor(
    private readonly follower: FeedFollower,
    @InjectClient(auth.FeedService) private readonly feed: ServiceClient<typeof auth.FeedService>,
    private readonly renameMember: RenameMember,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.follow({
      name: 'auth-names',
      feed: this.feed,
      hints: [broadcasts.outbox('auth')],
      handle: async (em, { event }) => {
        if (event.case === 'accountRenamed' && isId(event.value.userId))
          await this.renameMember.apply(em, event.value.userId);
      },
    });
  }
}
