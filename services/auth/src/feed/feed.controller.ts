import { auth, timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ListEvents } from './list-events.js';

const { listEvents } = auth.FeedService.method;

/** `conclave.auth.v1.FeedService` */
@Controller()
export class FeedController {
  constructor(private readonly list: ListEvents) {}

  @Rpc(listEvents)
  @Access('service')
  async listEvents(request: auth.ListEventsRequest): Promise<MessageInitShape<typeof listEvents.output>> {
    const { events, next } = await this.list.execute(request);
    return {
      next,
      events: events.map(({ id, type, payload, occurredAt }) => ({
        id,
        type,
        payload: Buffer.from(JSON.stringify(payload)),
        occurredAt: timestampFromDate(occurredAt),
      })),
    };
  }
}
