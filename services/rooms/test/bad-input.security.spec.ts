import { accessOf, rooms, subjectOf, type DescMethod } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from './support/join.js';
import { callWith, methods, textFieldsOf } from './support/requests.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let owner: Actor;
let slug: string;
let roomId: string;
beforeAll(async () => {
  stage = await openStage();
  owner = stage.person();
  const { room } = await owner.rooms.createRoom({ name: 'Steady', accessLevel: rooms.AccessLevel.ORGANISATION });
  slug = room?.slug ?? '';
  roomId = room?.id ?? '';
  await join(stage, owner, slug);
  await eventually(() => owner.messages.listMessages({ slug }));
}, 180_000);

/** Text that has broken somebody's software. */
const odd = {
  nothing: '',
  blank: ' \t\n',
  'a NUL': 'a\u0000b',
  'a bell': 'a\u0007b',
  'a line break': 'a\r\nSet-Cookie: x',
  'a line separator': 'a\u2028b',
  'right to left': 'חדר ישיבות مرتا',
  'a bidi override': '\u202emoc.elgoog',
  isolates: '\u2066a\u2069',
  invisible: '\u200b\u200b\u200d',
  emoji: '👩‍👩‍👧‍👦🦊',
  'too long': 'a'.repeat(100_000),
  'too many emoji': '🦊'.repeat(5_000),
  'many combining marks': `e${'\u0301'.repeat(5_000)}`,
  SQL: `'); drop table room; --`,
  paths: '../../../../etc/passwd\u0000.png',
  markup: '<script>alert(1)</script>',
  'a number': '9'.repeat(400),
  'a uuid of nobody': '00000000-0000-7000-8000-000000000000',
} as const;

// A refusal with one of these says that we did not understand ourselves what was wrong.
const faults = ['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'BUSY'];

const fields = methods.flatMap((method) => textFieldsOf(method).map((field) => [subjectOf(method), field] as const));
const byName = new Map<string, DescMethod>(methods.map((method) => [subjectOf(method), method]));

describe('every text field of every method', () => {
  it('is in this spec', () => {
    expect(methods).toHaveLength(34);
    expect(fields.length).toBeGreaterThanOrEqual(35);
  });

  it.each(fields)('%s %s takes odd text or says clearly why not', async (subject, field) => {
    const method = byName.get(subject) as DescMethod;
    const right = { slug, roomSlug: field === 'roomId' ? '' : slug, userId: owner.userId, text: 'hello', name: 'Odd' };
    for (const [fact, value] of Object.entries(odd)) {
      const outcome = await callWith(stage, method, { ...right, [field]: value }, { principal: owner.token });
      expect({ fact, outcome, fault: faults.includes(outcome) }).toEqual({ fact, outcome, fault: false });
    }
    // Ending and deleting with an odd link did nothing to the room.
    await owner.messages.listMessages({ slug });
    expect((await owner.rooms.getRoom({ slug })).room?.id).toBe(roomId);
  });

  it('of a person’s token is only a token', async () => {
    for (const value of Object.values(odd).filter((text) => /^[\x21-\x7e]+$/.test(text)))
      expect(await callWith(stage, rooms.RoomsService.method.listRooms, {}, { principal: value })).toBe(
        'UNAUTHENTICATED',
      );
  });
});

describe('what does not fit', () => {
  it.each([
    'nothing',
    'blank',
    'a NUL',
    'a bell',
    'a line break',
    'a line separator',
    'a bidi override',
    'isolates',
    'too long',
    'too many emoji',
    'many combining marks',
    'a number',
  ] as const)('as the name of a room: %s', async (fact) => {
    const before = (await owner.rooms.listRooms({})).rooms;
    expect(await refusal(owner.rooms.createRoom({ name: odd[fact] }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(owner.rooms.updateRoom({ slug, name: odd[fact] }))).toBe('INVALID_ARGUMENT');
    expect((await owner.rooms.listRooms({})).rooms).toEqual(before);
  });

  it.each(['nothing', 'blank', 'a NUL', 'a bell', 'too long', 'too many emoji', 'many combining marks'] as const)(
    'as a message: %s',
    async (fact) => {
      const before = (await owner.messages.listMessages({ slug })).messages.length;
      expect(await refusal(owner.messages.postMessage({ slug, text: odd[fact] }))).toBe('INVALID_ARGUMENT');
      expect((await owner.messages.listMessages({ slug })).messages).toHaveLength(before);
    },
  );

  it.each(Object.keys(odd).filter((fact) => fact !== 'nothing' && fact !== 'blank') as (keyof typeof odd)[])(
    'as an address: %s',
    async (fact) => {
      for (const email of [odd[fact], `${odd[fact]}@example`, `paul@${odd[fact]}`])
        expect(await refusal(owner.invitations.createInvitation({ slug, email }))).toBe('INVALID_ARGUMENT');
    },
  );

  it.each(Object.keys(odd).filter((fact) => fact !== 'nothing' && fact !== 'a uuid of nobody') as (keyof typeof odd)[])(
    'as a chosen code: %s',
    async (fact) => {
      expect(await refusal(owner.rooms.createRoom({ name: 'Code', accessCode: odd[fact] }))).toBe('INVALID_ARGUMENT');
    },
  );

  it('as a typed code is wrong, whatever it is, and costs an attempt', async () => {
    const { room } = await owner.rooms.createRoom({ name: 'Code', accessLevel: rooms.AccessLevel.CODE });
    const typeable = Object.entries(odd).filter(([, text]) => [...text].length <= 128);
    for (const [fact, accessCode] of typeable) {
      const outcome = await refusal(stage.person().entry.requestEntry({ slug: room?.slug ?? '', accessCode }));
      expect({ fact, outcome }).toEqual({
        fact,
        outcome: accessCode === '' ? 'ACCESS_CODE_REQUIRED' : 'ACCESS_CODE_WRONG',
      });
    }
  });

  it('as a number, a level or a time', async () => {
    const far = { seconds: 253_402_300_800n, nanos: 0 };
    const calls: [string, () => Promise<unknown>][] = [
      ['limit of rooms', () => owner.rooms.listRooms({ limit: 0xffff_ffff })],
      ['limit of messages', () => owner.messages.listMessages({ slug, limit: 101 })],
      ['limit of invitations', () => owner.invitations.listInvitations({ slug, limit: 101 })],
      ['limit of events', () => owner.events.listRoomEvents({ slug, limit: 501 })],
      ['after of events', () => owner.events.listRoomEvents({ slug, after: 2n ** 64n - 1n })],
      ['level of a new room', () => owner.rooms.createRoom({ name: 'x', accessLevel: 99 as rooms.AccessLevel })],
      ['level of a room', () => owner.rooms.updateRoom({ slug, accessLevel: -1 as rooms.AccessLevel })],
      ['expiry in 10000', () => owner.invitations.createInvitation({ slug, expiresAt: far })],
      ['expiry before 1970', () => owner.invitations.createInvitation({ slug, expiresAt: { seconds: -1n, nanos: 0 } })],
      ['expiry now', () => owner.invitations.createInvitation({ slug, expiresAt: { seconds: 0n, nanos: -1 } })],
    ];
    for (const [fact, call] of calls)
      expect({ fact, outcome: await refusal(call()) }).toEqual({ fact, outcome: 'INVALID_ARGUMENT' });
  });

  it('because it is larger than any request is refused before it is read', async () => {
    const { token } = owner;
    for (const method of methods) {
      const bus = accessOf(method).callers.includes('gateway') ? stage.gateway : stage.neighbours.filesBus;
      const reply = await bus.request(
        subjectOf(method),
        new Uint8Array(300 * 1024),
        { 'conclave-principal': token },
        25_000,
      );
      expect({ name: method.name, outcome: reply.headers?.get('conclave-error') }).toEqual({
        name: method.name,
        outcome: 'PAYLOAD_TOO_LARGE',
      });
    }
  });
});

describe('what fits', () => {
  it.each(['right to left', 'emoji', 'SQL', 'markup', 'a uuid of nobody'] as const)(
    'comes back as it was said: %s',
    async (fact) => {
      const { message } = await owner.messages.postMessage({ slug, text: odd[fact] });
      expect(message?.text).toBe(odd[fact]);
      expect((await owner.messages.listMessages({ slug, limit: 1 })).messages[0]?.text).toBe(odd[fact]);
    },
  );

  it('is something that can be seen: a message of blanks that look like nothing is refused by its field', async () => {
    await expect(owner.messages.postMessage({ slug, text: odd.invisible })).rejects.toMatchObject({
      reason: 'INVALID_ARGUMENT',
      details: { field: 'text' },
    });
  });

  it.each(['right to left', 'emoji', 'SQL', 'markup'] as const)('names a room: %s', async (fact) => {
    expect((await owner.rooms.createRoom({ name: odd[fact] })).room?.name).toBe(odd[fact]);
  });
});
