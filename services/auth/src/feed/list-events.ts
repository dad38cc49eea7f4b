import { invalidArgument } from '@conclave/errors';
import { OutboxFeed, type FeedPage } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';

const mostEvents = 500;

/** What auth announced, for other services to pull. */
@Injectable()
export class ListEvents {
  constructor(private readonly feed: OutboxFeed) {}

  /** @throws DomainError INVALID_ARGUMENT for a cursor that is not ours or a limit outside 1 to 500 */
  async execute({ after, limit }: { after: string; limit: number }): Promise<FeedPage> {
    if (limit < 1 || limit > mostEvents) throw invalidArgument('limit');
    return this.feed.list({ after, limit });
  }
}
