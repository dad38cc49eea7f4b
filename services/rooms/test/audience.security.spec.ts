import { randomUUID } from 'node:crypto';
import {
  broadcasts,
  common,
  eventKinds,
  fromBinary,
  isFor,
  kindOf,
  roomEventJson,
  rooms,
  type EventInit,
} from '@conclave/contracts';
import { Transaction } from '@conclave/persistence';
import { RoomEventLog } from '../src/room-log/room-event-log.js';
import { presentWithoutMedia } from './support/present.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let owner: Actor;
let guest: Actor;
let slug: string;
let roomId: string;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
beforeEach(async () => {
  owner = stage.person({ displayName: 'Host' });
  guest = stage.person({ displayName: 'Guest' });
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  slug = room?.slug ?? '';
  roomId = room?.id ?? '';
  for (const person of [owner, guest]) await person.entry.requestEntry({ slug });
  await presentWithoutMedia(stage, slug);
});

const append = (event: EventInit<rooms.RoomEvent>, personId?: string) =>
  stage.service.app
    .get(Transaction, { strict: false })
    .run((em) => stage.service.app.get(RoomEventLog, { strict: false }).append(em, roomId, event, personId));

const heardBy = async (person: Actor, after = 0n) => {
  const page = await person.events.listRoomEvents({ slug, after });
  return { ...page, types: page.events.map((event) => roomEventJson(event)?.type) };
};

const { Audience } = common;

describe('the audience of an event', () => {
  it.each(eventKinds(rooms.RoomEventSchema).map((kind) => [kind.type, kind] as const))(
    '%s leaves rooms for nobody else',
    async (type, kind) => {
      const bus: rooms.RoomEvent[] = [];
      const subscription = stage.gateway.subscribe(broadcasts.room(roomId), (data) => {
        bus.push(fromBinary(rooms.RoomEventSchema, data));
      });
      await stage.gateway.ping();
      const personal = kind.audience === Audience.PERSON;
      await append({ case: kind.case, value: {} } as EventInit<rooms.RoomEvent>, personal ? guest.userId : undefined);
      const [host, participant] = [await heardBy(owner), await heardBy(guest)];
      const expected = {
        [Audience.UNSPECIFIED]: [[], []],
        [Audience.INSIDE]: [[type], [type]],
        [Audience.HOSTS]: [[type], []],
        [Audience.PERSON]: [[], [type]],
        [Audience.WAITING]: [[], []],
      }[kind.audience];
      expect([host.types, participant.types]).toEqual(expected);
      // Who does not hear of it sees no gap either: nothing is missing up to the last number.
      for (const { lastSeq, throughSeq } of [host, participant]) expect([lastSeq, throughSeq]).toEqual([1n, 1n]);

      await eventually(async () => expect(bus).toHaveLength(1));
      const [told] = bus;
      if (!told) throw new Error('not told');
      const over = (userId: string, audiences: common.Audience[]) => isFor(told, { userId, audiences });
      expect([over(owner.userId, host.audiences), over(guest.userId, participant.audiences)]).toEqual(
        expected.map((types) => types.length === 1),
      );
      expect(over(randomUUID(), [Audience.WAITING])).toBe(kind.audience === Audience.WAITING);
      subscription.unsubscribe();
    },
  );

  it('is never left open: an event for one person names the person, others name nobody', async () => {
    await expect(append({ case: 'participantPermissions', value: { joinId: 'j' } })).rejects.toThrow('whom');
    await expect(append({ case: 'roomUpdated', value: {} }, guest.userId)).rejects.toThrow('whom');
    expect((await heardBy(guest)).lastSeq).toBe(0n);
  });

  it('is paged over: a page is full of what is for the caller, and says how far it reaches', async () => {
    for (let i = 0; i < 4; i++) {
      await append({ case: 'doorChanged', value: {} });
      await append({ case: 'fileDeleted', value: { fileId: `f${i}` } });
    }
    await append({ case: 'doorChanged', value: {} });
    const first = await guest.events.listRoomEvents({ slug, after: 0n, limit: 3 });
    expect([first.events.map(({ seq }) => seq), first.throughSeq, first.lastSeq]).toEqual([[2n, 4n, 6n], 6n, 9n]);
    const second = await guest.events.listRoomEvents({ slug, after: 6n, limit: 3 });
    expect([second.events.map(({ seq }) => seq), second.throughSeq]).toEqual([[8n], 9n]);
  });

  it('is the audience of an admission of the caller, by name too', async () => {
    const [mine, theirs] = await Promise.all([guest, owner].map((person) => person.entry.requestEntry({ slug })));
    await presentWithoutMedia(stage, slug);
    const standing = await guest.events.listRoomEvents({ slug, joinId: mine?.joinId ?? '' });
    expect(standing).toMatchObject({ joinId: mine?.joinId, roomId, audiences: [Audience.INSIDE, Audience.PERSON] });
    expect(standing.permissions).toContain('chat.write');
    expect(standing.permissions).not.toContain('meeting.moderate');
    expect(await refusal(guest.events.listRoomEvents({ slug, joinId: theirs?.joinId ?? '' }))).toBe('NOT_PRESENT');
    await guest.entry.leave({ slug, joinId: mine?.joinId ?? '' });
    expect(await refusal(guest.events.listRoomEvents({ slug, joinId: mine?.joinId ?? '' }))).toBe('NOT_PRESENT');
  });
});

describe('rows of the release before', () => {
  it('are read as they are, without a person and with facts of their own', async () => {
    const old: [string, object][] = [
      ['message.created', { messageId: 'm1', authorId: owner.userId }],
      ['participant.left', { joinId: 'j1', userId: guest.userId, reason: 'meeting_ended' }],
      ['meeting.ended', {}],
      ['hand.raised', { joinId: 'j1' }],
    ];
    await stage.sql.query('update room_event_counter set last_seq = 4 where room_id = $1', [roomId]);
    for (const [i, [type, data]] of old.entries())
      await stage.sql.query(
        'insert into room_event (room_id, seq, type, data, created_at) values ($1, $2, $3, $4::jsonb, now())',
        [roomId, i + 1, type, JSON.stringify(data)],
      );
    const { events, lastSeq, throughSeq } = await heardBy(guest);
    expect(events.map((event) => roomEventJson(event))).toMatchObject(
      old.slice(0, 3).map(([type, data], i) => ({ seq: i + 1, type, data })),
    );
    expect([lastSeq, throughSeq]).toEqual([4n, 4n]);
    expect(kindOf(rooms.RoomEventSchema, { case: undefined })).toBeUndefined();
  });
});
