import { isFor, rooms } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { WebSocketServer } from 'ws';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { changesStanding, saysOf } from '../feeds/event-frame.js';
import { RoomFeeds } from '../feeds/room-feeds.js';
import { PersonSockets } from '../door/person-sockets.js';
import type { Handshake } from '../door/upgrade-door.js';
import { LiveRooms } from './live-rooms.js';
import { LiveSocket, type LiveTiming } from './live-socket.js';

/** Where the live socket of a room is. */
export const livePath = '/api/v1/rooms/{slug}/live';

/** Injection token of the timing. */
export const liveTiming = Symbol('LiveTiming');

/** Somebody whose connection went counts as coming back for ten seconds; then it is looked once more. */
const afterGraceMs = 11_000;
const joinIdShape = /^[0-9a-f]{32}$/;

/** Opens live sockets: our page, a live session, and the very admission that the address names. */
@Injectable()
export class LiveDoor {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024,
    perMessageDeflate: false,
    clientTracking: false,
    // A ping of the protocol would be answered as often as it comes.
    autoPong: false,
  });
  /** By admission: one socket each, so that rates count for the person and not for the connection. */
  private readonly sockets = new Map<string, LiveSocket>();

  constructor(
    @InjectClient(rooms.RoomEventsService) private readonly events: ServiceClient<typeof rooms.RoomEventsService>,
    private readonly people: PersonSockets,
    private readonly liveRooms: LiveRooms,
    private readonly feeds: RoomFeeds,
    private readonly metrics: GatewayMetrics,
    @Inject(liveTiming) private readonly timing: LiveTiming,
  ) {}

  async open(handshake: Handshake): Promise<void> {
    const { slug, query } = handshake;
    const joinId = query.get('join') ?? '';
    const wellFormed = joinIdShape.test(joinId);
    const person = await this.people.accept(handshake, 'live', this.server, wellFormed);
    if (!person) return;
    const { browser, userId } = person;
    const opened: LiveSocket = new LiveSocket(
      browser,
      {
        standing: () => person.asCaller((options) => this.events.listRoomEvents({ slug, joinId, limit: 1 }, options)),
        admitted: (admission) => {
          if (!person.admitted(admission, (...why) => opened.close(...why))) return false;
          this.sockets.get(joinId)?.replace();
          this.sockets.set(joinId, opened);
          return true;
        },
        join: async (roomId, reader) => {
          const leave = await this.liveRooms.join(roomId, reader);
          const stop = await this.feeds.listen(roomId, (frame) => {
            const hearer = { userId, audiences: opened.audiences };
            if (changesStanding(frame) && isFor(frame.event, hearer)) opened.doubt();
            if (saysOf(frame, 'went', joinId)) opened.doubt(afterGraceMs);
          });
          return () => {
            leave();
            stop();
          };
        },
        send: (roomId, frame) => this.liveRooms.send(roomId, frame),
        dropped: (why) => this.metrics.frameDropped(why),
        closed: (code) => {
          if (this.sockets.get(joinId) === opened) this.sockets.delete(joinId);
          person.closed(code);
        },
        failed: (error) => person.failed(error),
      },
      this.timing,
    );
    await opened.start();
  }

  /** The bus was away: people may have been put out, or may do other things now, and other gateways may have come. */
  proveAll(): void {
    void this.liveRooms.askAll();
    for (const socket of this.sockets.values()) void socket.prove();
  }
}
