import { randomBytes, randomUUID } from 'node:crypto';
import {
  broadcasts,
  common,
  create,
  eventFromJson,
  fromBinary,
  permissionsOf,
  roleToWire,
  rooms,
  subjectOf,
  timestampFromDate,
  toBinary,
  type DescMethod,
  type Permission,
  type RoomRole,
} from '@conclave/contracts';
import { Bus } from '@conclave/messaging';

const { provePresence, keepPresence } = rooms.PresenceService.method;
const { listEvents } = rooms.FeedService.method;

/** What a principal token says of its person. */
interface Claims {
  readonly sub: string;
  readonly sid: string;
}

interface Stay {
  readonly roomId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly joinId: string;
  readonly role: RoomRole;
}

interface Event {
  readonly id: string;
  readonly type: string;
  readonly payload: object;
}

/** Stands where rooms stands on the bus, with rooms' nkey: proves presence from a list that the spec writes, and has a feed. */
export class RoomsResponder {
  private readonly slugs = new Map<string, string>();
  private stays: Stay[] = [];
  private readonly events: Event[] = [];
  /** How often presence was asked for. */
  proofs = 0;
  /** When set, questions about presence are not answered at all. */
  silent = false;

  /** What a role may do, as rooms answers it; a spec takes something away. */
  permissionsOf = (role: RoomRole): Permission[] => [...permissionsOf(role)];

  private constructor(private bus: Bus) {}

  static async start(nats: { url: string; seed: string }): Promise<RoomsResponder> {
    const responder = new RoomsResponder(await Bus.connect({ ...nats, service: 'rooms' }));
    responder.listen();
    await responder.bus.ping();
    return responder;
  }

  /** A room with its link. */
  room(): { id: string; slug: string } {
    const room = { id: randomUUID(), slug: randomBytes(8).toString('hex') };
    this.slugs.set(room.slug, room.id);
    return room;
  }

  enter(
    roomId: string,
    { userId, sessionId }: { userId: string; sessionId: string },
    role: RoomRole = 'participant',
  ): string {
    const joinId = randomBytes(16).toString('hex');
    this.stays.push({ roomId, userId, sessionId, joinId, role });
    return joinId;
  }

  /** They are gone; with `tell` the broadcast goes out as well. */
  leave(roomId: string, userId: string, tell: boolean): void {
    const gone = this.stays.filter((stay) => stay.roomId === roomId && stay.userId === userId);
    this.stays = this.stays.filter((stay) => !gone.includes(stay));
    if (!tell) return;
    const revoked = create(common.PresenceRevokedSchema, {
      roomId,
      joinIds: gone.map(({ joinId }) => joinId),
      userIds: [userId],
    });
    this.bus.publish(broadcasts.presenceRevoked, toBinary(common.PresenceRevokedSchema, revoked));
  }

  /** Announces that a room was deleted, as rooms' outbox would. */
  deleteRoom(roomId: string, wake = true): void {
    this.events.push({ id: randomUUID(), type: 'room.deleted', payload: { roomId } });
    if (wake) this.bus.publish(broadcasts.outbox('rooms'));
  }

  /** Joins another bus: the one it was on has lost everything. */
  async moveTo(nats: { url: string; seed: string }): Promise<void> {
    await this.bus.close();
    this.bus = await Bus.connect({ ...nats, service: 'rooms' });
    this.listen();
    await this.bus.ping();
  }

  close(): Promise<void> {
    return this.bus.close();
  }

  private listen(): void {
    this.answer(provePresence, (request) => {
      this.proofs++;
      if (this.silent) return undefined;
      const { roomSlug, roomId, userId, sessionId } = request as rooms.ProvePresenceRequest;
      const room = roomId || this.slugs.get(roomSlug);
      const stay = this.stays.find(
        (one) => one.roomId === room && one.userId === userId && one.sessionId === sessionId,
      );
      if (!stay) return 'NOT_PRESENT';
      const { joinId, role } = stay;
      return { roomId: stay.roomId, roomSlug, joinId, role: roleToWire(role), permissions: this.permissionsOf(role) };
    });
    this.answer(keepPresence, (request, principal) => {
      if (this.silent) return undefined;
      const { roomId } = request as rooms.KeepPresenceRequest;
      const { sub, sid } = JSON.parse(Buffer.from(principal.split('.')[1] ?? '', 'base64url').toString()) as Claims;
      const stay = this.stays.find((one) => one.roomId === roomId && one.userId === sub && one.sessionId === sid);
      return stay ? { joinId: stay.joinId } : 'NOT_PRESENT';
    });
    this.answer(listEvents, (request) => {
      const { after, limit } = request as rooms.ListEventsRequest;
      const from = after ? Number(after) : 0;
      const page = this.events.slice(from, from + limit);
      const events = page.map(({ id, type, payload }) => ({
        id,
        type,
        event: eventFromJson<common.FeedEvent>(common.FeedEventSchema, type, payload),
        occurredAt: timestampFromDate(new Date()),
      }));
      return { events, next: String(from + page.length) };
    });
  }

  private answer(
    method: DescMethod,
    decide: (request: unknown, principal: string) => Record<string, unknown> | 'NOT_PRESENT' | undefined,
  ): void {
    this.bus.respond(subjectOf(method), 'rooms', (message) => {
      const principal = message.headers?.get('conclave-principal') ?? '';
      const decision = decide(fromBinary(method.input, message.data), principal);
      if (decision === undefined) return;
      if (decision !== 'NOT_PRESENT')
        return void message.respond(toBinary(method.output, create(method.output, decision)));
      const refusal = create(common.ErrorReplySchema, { reason: common.ErrorReason.NOT_PRESENT });
      const { headers } = message;
      headers?.set('conclave-error', 'NOT_PRESENT');
      message.respond(toBinary(common.ErrorReplySchema, refusal), headers ? { headers } : {});
    });
  }
}
