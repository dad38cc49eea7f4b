import { rooms } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocketServer } from 'ws';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { fieldNamed } from '../../http/rpc/rpc-plan.js';
import { pathFits } from '../../http/rpc/request-json.js';
import { PersonSockets } from '../door/person-sockets.js';
import type { Handshake } from '../door/upgrade-door.js';
import { EventsSocket, type EventsTiming } from './events-socket.js';
import { RoomFeeds } from '../feeds/room-feeds.js';

/** Where the events socket is. */
export const eventsPath = '/api/v1/events';

/** Injection token of the timing. */
export const eventsTiming = Symbol('EventsTiming');

const joinIdShape = /^[0-9a-f]{32}$/;

const isSlug = pathFits(fieldNamed(rooms.RoomEventsService.method.listRoomEvents, 'input', 'slug'));

/** Opens events sockets: our page, a live session, an admission to the room. */
@Injectable()
export class EventsDoor {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: 4 * 1024,
    perMessageDeflate: false,
    clientTracking: false,
  });
  private readonly sockets = new Set<EventsSocket>();

  constructor(
    @InjectClient(rooms.RoomEventsService) private readonly events: ServiceClient<typeof rooms.RoomEventsService>,
    private readonly people: PersonSockets,
    private readonly feeds: RoomFeeds,
    private readonly metrics: GatewayMetrics,
    @Inject(eventsTiming) private readonly timing: EventsTiming,
  ) {}

  async open(handshake: Handshake): Promise<void> {
    const { query } = handshake;
    const slug = query.get('room') ?? '';
    const after = afterOf(query.get('after'));
    const joinId = query.get('join') ?? undefined;
    const wellFormed = isSlug(slug) && after !== 'malformed' && (joinId === undefined || joinIdShape.test(joinId));
    const person = await this.people.accept(handshake, 'events', this.server, wellFormed);
    if (!person || !wellFormed) return;
    const { browser, userId } = person;
    // Of several tabs each hears of its own stay; a page that names none stands on the person's latest.
    const which = joinId === undefined ? {} : { joinId };
    const opened: EventsSocket = new EventsSocket(
      browser,
      {
        userId,
        list: (part) => person.asCaller((options) => this.events.listRoomEvents({ slug, ...part, ...which }, options)),
        listen: (roomId, listener) => this.feeds.listen(roomId, listener),
        admitted: (admission) => person.admitted(admission, (...why) => opened.close(...why)),
        delivered: () => this.metrics.eventDelivered(),
        closed: (code) => {
          this.sockets.delete(opened);
          person.closed(code);
        },
        failed: (error) => person.failed(error),
      },
      this.timing,
    );
    this.sockets.add(opened);
    await opened.start(after);
  }

  /** The bus was away: what was published meanwhile is only in the logs. */
  catchUpAll(): void {
    for (const socket of this.sockets) void socket.catchUp();
  }
}

function afterOf(value: string | null): bigint | undefined | 'malformed' {
  if (value === null || value === '') return undefined;
  return /^\d{1,15}$/.test(value) ? BigInt(value) : 'malformed';
}
