import { create, files, timestampFromDate } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { OutboxFeed } from '@conclave/persistence';
import { Controller } from '@nestjs/common';

const { listEvents } = files.FeedService.method;

/** What files announces, for rooms to pull. */
@Controller()
export class FeedController {
  constructor(private readonly feed: OutboxFeed) {}

  @Rpc(listEvents)
  @Access('service')
  async listEvents({ after, limit }: files.ListEventsRequest) {
    const { events, next } = await this.feed.list({ after, limit: limit || 100 });
    return create(files.ListEventsResponseSchema, {
      events: events.map(({ id, type, payload, occurredAt }) => ({
        id,
        type,
        payload: new TextEncoder().encode(JSON.stringify(payload)),
        occurredAt: timestampFromDate(occurredAt),
      })),
      next,
    });
  }
}
