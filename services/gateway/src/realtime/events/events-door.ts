import { rooms } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Logger, RequestScope } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocketServer, type WebSocket } from 'ws';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { slug as slugShape } from '../../http/schemas.js';
import { LiveConnections, type CutReason } from '../../live/live-connections.js';
import { readSessionCookie, type Credential } from '../../session/session-cookie.js';
import { SessionResolver } from '../../session/session-resolver.js';
import { closeCodes } from '../close-codes.js';
import type { Handshake } from '../upgrade-door.js';
import { EventsSocket, type EventsTiming } from './events-socket.js';
import { RoomFeeds } from './room-feeds.js';

/** Where the events socket is. */
export const eventsPath = '/api/v1/events';

/** Injection token of the timing. */
export const eventsTiming = Symbol('EventsTiming');

/** Sockets one person may hold: a few tabs on a few devices. */
const mostPerPerson = 24;
const closings: Record<CutReason, readonly [number, string]> = {
  'signed-out': [closeCodes.signedOut, 'signed out'],
  'not-present': [closeCodes.notInRoom, 'not in the room'],
  restarting: [closeCodes.restarting, 'restarting'],
};

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
    @Inject(SessionResolver) private readonly sessions: SessionResolver,
    @Inject(RoomFeeds) private readonly feeds: RoomFeeds,
    @Inject(LiveConnections) private readonly live: LiveConnections,
    @Inject(GatewayMetrics) private readonly metrics: GatewayMetrics,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(eventsTiming) private readonly timing: EventsTiming,
  ) {}

  /** A browser sees nothing of a refused handshake, so refusals about the caller come as close codes behind it. */
  async open({ request, socket, head, query, scope }: Handshake): Promise<void> {
    const token = readSessionCookie(request.headers.cookie);
    const browser = await new Promise<WebSocket>((resolve) =>
      this.server.handleUpgrade(request, socket, head, resolve),
    );
    const room = slugShape.safeParse(query.get('room'));
    const after = afterOf(query.get('after'));
    if (!room.success || after === 'malformed') return refuse(browser, closeCodes.badFrame, 'bad query');
    if (token === undefined) return refuse(browser, closeCodes.signedOut, 'signed out');
    const credential: Credential = { kind: 'session', token };

    const mark = this.live.mark();
    let caller;
    try {
      caller = await this.sessions.resolve(credential);
    } catch (error) {
      const gone = (error as { reason?: string }).reason === 'UNAUTHENTICATED';
      return refuse(
        browser,
        gone ? closeCodes.signedOut : closeCodes.tryLater,
        gone ? 'signed out' : 'try again later',
      );
    }
    const { userId, sessionId } = caller;
    if (this.live.count('events', userId) >= mostPerPerson)
      return refuse(browser, closeCodes.tryLater, 'too many sockets');

    let release: (() => void) | undefined;
    const opened: EventsSocket = new EventsSocket(
      browser,
      {
        userId,
        list: (part) =>
          RequestScope.run(scope, async () => {
            const { principal } = await this.sessions.resolve(credential);
            return this.events.listRoomEvents({ slug: room.data, ...part }, { principal });
          }),
        listen: (roomId, listener) => this.feeds.listen(roomId, listener),
        admitted: (admission) => {
          const cut = (why: CutReason): void => opened.close(...closings[why]);
          release = this.live.admit({ kind: 'events', userId, sessionId, admission, cut }, mark);
          return release !== undefined;
        },
        delivered: () => this.metrics.eventDelivered(),
        closed: (code) => {
          release?.();
          this.sockets.delete(opened);
          this.metrics.socketClosed('events', code);
        },
        failed: (error) => RequestScope.run(scope, () => this.logger.warn('events socket given up', { error })),
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

function refuse(browser: WebSocket, code: number, words: string): void {
  browser.on('error', () => undefined);
  browser.close(code, words);
  setTimeout(() => browser.terminate(), 2_000).unref();
}

function afterOf(value: string | null): bigint | undefined | 'malformed' {
  if (value === null || value === '') return undefined;
  return /^\d{1,15}$/.test(value) ? BigInt(value) : 'malformed';
}
