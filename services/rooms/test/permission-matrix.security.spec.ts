import { accessOf, refusalAt, rooms, type DescMethod, type Permission, type RoomRole } from '@conclave/contracts';
import { join } from './support/join.js';
import { callWith, methods, type Values } from './support/requests.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

const roles = ['owner', 'moderator', 'participant'] as const;

/** How somebody stands to a room, and who it is. */
interface Caller {
  readonly standing: string;
  readonly role: RoomRole | null;
  readonly inside: boolean;
  readonly person: Actor;
}

interface Scene {
  readonly slug: string;
  readonly callers: readonly Caller[];
  /** What a request may name. */
  readonly values: Values;
}

let stage: Stage;
let shared: Scene;
let gone: Scene;
beforeAll(async () => {
  stage = await openStage();
  shared = await everybody();
  gone = await deleted();
}, 180_000);

const newRoom = async (owner: Actor) => {
  const { room } = await owner.rooms.createRoom({ name: 'Matrix', accessLevel: rooms.AccessLevel.ORGANISATION });
  return room?.slug ?? '';
};

/** Somebody of a role: known to the room, and in the meeting only where that is asked. */
async function somebody(owner: Actor, slug: string, role: RoomRole, inside: boolean): Promise<Actor> {
  const person = role === 'owner' ? stage.as(owner, { sessionId: crypto.randomUUID() }) : stage.person();
  const { joinId } = await person.entry.requestEntry({ slug });
  await person.entry.leave({ slug, joinId });
  if (role === 'moderator')
    await owner.members.setMemberRole({ slug, userId: person.userId, role: rooms.RoomRole.MODERATOR });
  if (!inside) return person;
  await join(stage, person, slug);
  await eventually(() => person.messages.listMessages({ slug }));
  return person;
}

/** A room with somebody for every column, and somebody to do things to. */
async function everybody(): Promise<Scene> {
  const owner = stage.person();
  const slug = await newRoom(owner);
  const callers: Caller[] = [];
  for (const role of roles)
    for (const inside of [true, false]) {
      const person = await somebody(owner, slug, role, inside);
      callers.push({ standing: `${role}, ${inside ? 'inside' : 'outside'}`, role, inside, person });
    }
  const removed = stage.person();
  const { joinId: last } = await removed.entry.requestEntry({ slug });
  await owner.participants.removeParticipant({ slug, joinId: last });
  // The others come in as before.
  await owner.lobby.setNewcomersWait({ slug, wait: false });
  callers.push({ standing: 'removed', role: null, inside: false, person: removed });
  callers.push({ standing: 'stranger', role: null, inside: false, person: stage.person() });
  const target = stage.person();
  const { joinId } = await join(stage, target, slug);
  await eventually(() => target.messages.listMessages({ slug }));
  const { invitation } = await owner.invitations.createInvitation({ slug });
  const { PARTICIPANT: role } = rooms.RoomRole;
  const ids = { joinId, userId: target.userId, invitationId: invitation?.id, requestId: invitation?.id };
  const values = { slug, ...ids, role, name: 'Matrix', text: 'x' };
  return { slug, callers, values };
}

/** A room that its owner has deleted. */
async function deleted(): Promise<Scene> {
  const owner = stage.person();
  const slug = await newRoom(owner);
  const person = await somebody(owner, slug, 'owner', true);
  await owner.rooms.deleteRoom({ slug });
  const callers = [{ standing: 'owner of a room that is gone', role: null, inside: false, person }];
  return { slug, callers, values: { ...shared.values, slug } };
}

const asking = methods.filter((method) => accessOf(method).permissions.length > 0);
const askedBy = (method: DescMethod) => accessOf(method).permissions as Permission[];

/** What can be done to one room only once: whoever may gets a room of their own for it. */
const final = ['AdmitWaiting', 'DeleteRoom', 'DenyWaiting', 'EndMeeting', 'RemoveParticipant'];

/** One of them, done in a room of its own. */
async function alone(method: DescMethod, role: RoomRole, inside: boolean): Promise<string> {
  const owner = stage.person();
  const slug = await newRoom(owner);
  const person = await somebody(owner, slug, role, inside);
  const { joinId } = await stage.person().entry.requestEntry({ slug });
  await owner.lobby.setNewcomersWait({ slug, wait: true });
  await refusal(stage.person().entry.requestEntry({ slug }));
  const { waiting } = await owner.lobby.listWaiting({ slug });
  const requestId = waiting[0]?.requestId;
  return callWith(stage, method, { slug, joinId, requestId }, { principal: person.token });
}

describe('the matrix of permissions', () => {
  it('has every method of rooms that names what it asks for, and those that do not are few and known', () => {
    expect(asking).toHaveLength(20);
    expect(
      methods
        .filter((method) => accessOf(method).callers.includes('gateway') && askedBy(method).length === 0)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'AcceptInvitation',
      'AuthorizeMedia',
      'CancelRequest',
      'ConfirmMedia',
      'CreateRoom',
      'GetDoor',
      'GetOwnRequest',
      'KeepPresence',
      'Leave',
      'ListRoomEvents',
      'ListRooms',
      'RequestEntry',
    ]);
  });

  it.each(asking.map((method) => [method.name, method] as const))(
    '%s',
    async (name, method) => {
      const asked = askedBy(method);
      const expected: Record<string, string> = {};
      const seen: Record<string, string> = {};
      for (const { callers, values } of [shared, gone])
        for (const { standing, role, inside, person } of callers) {
          const refused = refusalAt(asked, { role, inside });
          expected[standing] = refused ?? 'ok';
          seen[standing] =
            refused === null && role !== null && final.includes(name)
              ? await alone(method, role, inside)
              : await callWith(stage, method, values, { principal: person.token });
        }
      expect(seen).toEqual(expected);
      // Nobody was put out by what was refused.
      for (const { role, person } of shared.callers)
        if (role !== null) await person.rooms.getRoom({ slug: shared.slug });
    },
    120_000,
  );
});
