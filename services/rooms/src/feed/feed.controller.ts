import { rooms, timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { OutboxFeed } from '@conclave/persistence';
import { Controller } from '@nestjs/common';

const { method } = rooms.FeedService;

/** The outbox, for services that pull it. */
@Controller()
export class FeedController {
  constructor(private readonly feed: OutboxFeed) {}

  @Rpc(method.listEvents)
  @Access('service')
  async listEvents(request: rooms.ListEventsRequest): Promise<MessageInitShape<typeof rooms.ListEventsResponseSchema>> {
    const { events, next } = await this.feed.list({ after: request.after, limit: request.limit });
    return {
      next,
      events: events.map((event) => ({
        id: event.id,
        type: event.type,
        payload: new TextEncoder().encode(JSON.stringify(event.payload)),
        occurredAt: timestampFromDate(event.occurredAt),
      })),
    };
  }
}
