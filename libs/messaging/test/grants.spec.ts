import {
  needsPresence,
  permissionsOf,
  rooms,
  type DescMethod,
  type Permission,
  type RoomRole,
} from '@conclave/contracts';
import { silentLogger } from '@conclave/platform';
import { testNats, type TestNats } from '@conclave/testing';
import { Controller, Module, type Type } from '@nestjs/common';
import {
  Access,
  bootService,
  Bus,
  createClient,
  Grant,
  GrantSource,
  RepeatableStore,
  requireGrant,
  Rpc,
  type CallContext,
  type GrantFacts,
  type GrantQuestion,
  type RepeatableCall,
  type RunningService,
} from '@conclave/messaging';
import { testPrincipals, type TestPerson, type TestPrincipals } from '@conclave/messaging/testing';

const { getRoom, updateRoom, listRooms } = rooms.RoomsService.method;
const { listMessages } = rooms.MessagesService.method;
const slug = 'lusab-babad-gutih-tugad';
const roomId = '01939000-0000-7000-8000-000000000001';

const roles = new Map<string, RoomRole>();
const inside = new Set<string>();
let reached: string[] = [];
let lastGrant: Grant | undefined;

class TestGrants extends GrantSource {
  protected async find({ person, room, inside: asked }: GrantQuestion): Promise<GrantFacts | null> {
    const role = roles.get(person.userId);
    if (!role || !('slug' in room) || room.slug !== slug) return null;
    const permissions = permissionsOf(role).filter((permission) => asked || !needsPresence(permission));
    return { roomId, slug, role, permissions, ...(inside.has(person.userId) && asked && { joinId: 'a'.repeat(32) }) };
  }
}

function saw(what: string, context: CallContext): void {
  reached.push(what);
  lastGrant = requireGrant(context);
}

@Controller()
class TestController {
  @Rpc(getRoom)
  @Access('room.view')
  getRoom(_request: rooms.GetRoomRequest, context: CallContext) {
    saw('getRoom', context);
    return { room: { id: lastGrant?.roomId } };
  }

  @Rpc(updateRoom)
  @Access('room.update')
  updateRoom(_request: rooms.UpdateRoomRequest, context: CallContext) {
    saw('updateRoom', context);
    return {};
  }

  @Rpc(listMessages)
  @Access('chat.read')
  listMessages(_request: rooms.ListMessagesRequest, context: CallContext) {
    saw('listMessages', context);
    return {};
  }
}

const source = { provide: GrantSource, useClass: TestGrants };

/** Remembers nothing: what a permission does at the door is the same with it and without. */
class NoMemory extends RepeatableStore {
  once(_call: RepeatableCall, work: () => Promise<Uint8Array>): Promise<Uint8Array> {
    return work();
  }
}

@Module({ controllers: [TestController], providers: [source, { provide: RepeatableStore, useClass: NoMemory }] })
class TestModule {}

const config = (nats: TestNats) => ({
  INTERNAL_HOST: '127.0.0.1',
  INTERNAL_PORT: 0,
  LOG_LEVEL: 'error' as const,
  NATS_URL: nats.url,
  NATS_NKEY_SEED: nats.seeds.rooms,
});

describe('a permission at the door', () => {
  let principals: TestPrincipals;
  let service: RunningService;
  let gateway: Bus;
  const clients = (person: TestPerson) => ({
    rooms: createClient(rooms.RoomsService, gateway, { principal: person.token, timeoutMs: 25_000 }),
    messages: createClient(rooms.MessagesService, gateway, { principal: person.token, timeoutMs: 25_000 }),
  });
  const somebody = (role?: RoomRole, isInside = false): TestPerson => {
    const person = principals.person();
    if (role) roles.set(person.userId, role);
    if (isInside) inside.add(person.userId);
    return person;
  };

  beforeAll(async () => {
    const nats = await testNats();
    principals = await testPrincipals({ url: nats.url, seed: nats.seeds.auth });
    service = await bootService({ service: 'rooms', config: config(nats), module: TestModule, logger: silentLogger() });
    gateway = await Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway' });
  });
  beforeEach(() => {
    reached = [];
    lastGrant = undefined;
  });
  afterAll(async () => {
    await Promise.all([gateway?.close(), service?.close(), principals?.close()]);
  });

  it('brings the handler a grant that says who may do what where', async () => {
    const person = somebody('moderator');
    await expect(clients(person).rooms.getRoom({ slug })).resolves.toMatchObject({ room: { id: roomId } });
    expect(lastGrant).toBeInstanceOf(Grant);
    expect(lastGrant).toMatchObject({ roomId, slug, role: 'moderator', person: { userId: person.userId } });
    expect(lastGrant?.may('room.invite')).toBe(true);
    expect(lastGrant?.may('room.update')).toBe(false);
    // Presence was not asked for, and so nothing that needs it is granted.
    expect(lastGrant?.may('chat.read')).toBe(false);
    expect(() => lastGrant?.require('room.delete')).toThrow(expect.objectContaining({ reason: 'PERMISSION_DENIED' }));
  });

  it('answers a stranger and an unknown room alike, and the handler never runs', async () => {
    await expect(clients(somebody()).rooms.getRoom({ slug })).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await expect(clients(somebody('owner')).rooms.getRoom({ slug: 'never-was-one' })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
    expect(reached).toEqual([]);
  });

  it('refuses somebody of the room whose role does not have it, and the handler never runs', async () => {
    for (const role of ['moderator', 'participant'] as const)
      await expect(clients(somebody(role)).rooms.updateRoom({ slug })).rejects.toMatchObject({
        reason: 'PERMISSION_DENIED',
      });
    expect(reached).toEqual([]);
  });

  it('that needs presence is refused to a stranger, to a member outside, and in a room that never was, alike', async () => {
    for (const [person, place] of [
      [somebody(), slug],
      [somebody('owner'), slug],
      [somebody('owner', true), 'never-was-one'],
    ] as const)
      await expect(clients(person).messages.listMessages({ slug: place })).rejects.toMatchObject({
        reason: 'NOT_PRESENT',
      });
    expect(reached).toEqual([]);
    await clients(somebody('participant', true)).messages.listMessages({ slug });
    expect(reached).toEqual(['listMessages']);
  });

  it('is decided again by the same rule over what holds now', async () => {
    await clients(somebody('owner')).rooms.updateRoom({ slug });
    const grant = lastGrant;
    expect(() => grant?.requireStill(permissionsOf('owner'))).not.toThrow();
    expect(() => grant?.requireStill(permissionsOf('moderator'))).toThrow(
      expect.objectContaining({ reason: 'PERMISSION_DENIED' }),
    );
    expect(() => grant?.requireStill(null)).toThrow(expect.objectContaining({ reason: 'NOT_FOUND' }));
  });

  it('says what may be done to whom', async () => {
    const person = somebody('moderator');
    await clients(person).rooms.getRoom({ slug });
    const guest = { userId: 'u2', role: 'participant' } as const;
    expect(lastGrant?.over(guest)).toEqual(['participant.mute', 'participant.remove']);
    expect(lastGrant?.over({ userId: person.userId, role: 'moderator' })).toEqual([]);
    expect(() => lastGrant?.requireOver('participant.remove', { userId: 'u1', role: 'owner' })).toThrow(
      expect.objectContaining({ reason: 'PERMISSION_DENIED' }),
    );
  });
});

describe('a handler with a permission that cannot be proven', () => {
  const declaring = (method: DescMethod, ...asked: [Permission, ...Permission[]]): Type => {
    class Declaring {
      run() {
        return {};
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Declaring.prototype, 'run') ?? {};
    Rpc(method)(Declaring.prototype, 'run', descriptor);
    Access(...asked)(Declaring.prototype, 'run', descriptor);
    Controller()(Declaring);
    return Declaring;
  };

  it.each([
    ['by nothing', declaring(getRoom, 'room.view'), [], 'nothing provides a GrantSource'],
    ['for no room', declaring(listRooms, 'room.view'), [source], 'needs a slug or a room_id'],
    ['by a table that gives it to nobody', declaring(getRoom, 'room.transfer'), [source], 'to nobody of a room'],
    ['for the organisation', declaring(getRoom, 'people.manage'), [source], 'to nobody of a room'],
    ['another than its proto says', declaring(getRoom, 'room.update'), [source], "its proto asks for 'room.view'"],
    ['inside and outside at once', declaring(getRoom, 'room.view', 'chat.read'), [source], 'needs presence'],
  ])('stops the start: %s', async (_how, controller, providers, words) => {
    @Module({ controllers: [controller], providers })
    class Broken {}
    const nats = await testNats();
    const boot = bootService({ service: 'rooms', config: config(nats), module: Broken, logger: silentLogger() });
    await expect(boot).rejects.toThrow(words);
  });
});
