import {
  common,
  eventFromJson,
  services,
  timestampFromDate,
  type DescMethod,
  type ServiceName,
} from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller, type Type } from '@nestjs/common';
import { OutboxFeed } from '../outbox/outbox-feed.js';

/** The `ListEvents` of a service's own feed. */
export function listEventsOf(service: ServiceName): DescMethod {
  for (const { method } of services[service]) if ('listEvents' in method) return method['listEvents'] as DescMethod;
  throw new Error(`${service} declares no feed`);
}

/** The controller that gives a service's outbox to the services that pull it. */
export function feedController(service: ServiceName): Type {
  @Controller()
  class FeedController {
    constructor(private readonly feed: OutboxFeed) {}

    @Rpc(listEventsOf(service))
    @Access('service')
    async listEvents(page: { readonly after: string; readonly limit: number }): Promise<object> {
      const { events, next } = await this.feed.list(page);
      return {
        next,
        events: events.map(({ id, type, payload, occurredAt }) => ({
          id,
          type,
          occurredAt: timestampFromDate(occurredAt),
          event: eventFromJson<common.FeedEvent>(common.FeedEventSchema, type, payload),
        })),
      };
    }
  }
  return FeedController;
}
