import { rooms } from '@conclave/contracts';
import { createClient } from '@conclave/messaging';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from './support/join.js';
import { eventually, openStage, refusal, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

describe('CreateRoom', () => {
  it('makes a room with its own code, invited by default', async () => {
    const owner = stage.person({ displayName: 'Marta Berg' });
    const { room, accessCode } = await owner.rooms.createRoom({ name: '  Board  ' });
    expect(room).toMatchObject({
      name: 'Board',
      accessLevel: rooms.AccessLevel.INVITED,
      role: rooms.RoomRole.OWNER,
      owner: { id: owner.userId, displayName: 'Marta Berg' },
      memberCount: 1,
    });
    expect(room?.meeting).toBeUndefined();
    expect(room?.lastUsedAt).toBeUndefined();
    expect(room?.slug).toMatch(/^[a-z]{5}(-[a-z]{5}){3}$/);
    expect(accessCode).not.toBe((await owner.rooms.createRoom({ name: 'Other' })).accessCode);
  });

  it('keeps the code only as argon2id hash and sealed', async () => {
    const owner = stage.person();
    const { room, accessCode } = await owner.rooms.createRoom({ name: 'Sealed' });
    const { rows } = await stage.sql.query<{ code_hash: string; code_sealed: Buffer }>(
      'select code_hash, code_sealed from room where id = $1',
      [room?.id],
    );
    expect(rows[0]?.code_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(rows[0]?.code_sealed.toString('latin1')).not.toContain(accessCode);
  });

  it.each([
    ['an empty name', { name: '' }],
    ['an over-long name', { name: 'a'.repeat(121) }],
    ['a control character', { name: 'a\u0007' }],
    ['a bidi override', { name: 'a\u202eb' }],
    ['a level nobody knows', { name: 'a', accessLevel: 9 as rooms.AccessLevel }],
    ['a code that is too short', { name: 'a', accessCode: '1234' }],
  ])('refuses %s', async (_fact, request) => {
    expect(await refusal(stage.person().rooms.createRoom(request))).toBe('INVALID_ARGUMENT');
  });

  it('takes emoji and right-to-left names as they are', async () => {
    for (const name of ['🔒👩‍👩‍👧‍👦', 'חדר ישיבות'])
      expect((await stage.person().rooms.createRoom({ name })).room?.name).toBe(name);
  });
});

describe('ListRooms', () => {
  it('pages through the rooms of the caller and nobody else, last used first', async () => {
    const owner = stage.person();
    await stage.person().rooms.createRoom({ name: 'Foreign' });
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) await owner.rooms.createRoom({ name });
    const seen: string[] = [];
    let after = '';
    do {
      const page = await owner.rooms.listRooms({ limit: 2, after });
      expect(page.rooms.length).toBeLessThanOrEqual(2);
      seen.push(...page.rooms.map(({ name }) => name));
      after = page.next;
    } while (after !== '');
    expect(seen).toEqual([...names].reverse());
  });

  it('shows a meeting while somebody is inside, and counts them', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Meeting' });
    const slug = room?.slug ?? '';
    const { joinId } = await join(stage, owner, slug);
    const listed = await eventually(async () => {
      const [first] = (await owner.rooms.listRooms({})).rooms;
      if (!first?.meeting) throw new Error('no meeting yet');
      return first;
    });
    expect(listed).toMatchObject({ slug, meeting: { participantCount: 1 } });
    expect(listed.lastUsedAt).toBeDefined();
    await owner.entry.leave({ slug, joinId });
    expect((await owner.rooms.getRoom({ slug })).room?.meeting).toBeUndefined();
  });

  it.each([{ limit: 101 }, { after: 'nonsense' }, { after: Buffer.from('1.x').toString('base64url') }])(
    'refuses %j',
    async (page) => expect(await refusal(stage.person().rooms.listRooms(page))).toBe('INVALID_ARGUMENT'),
  );
});

describe('UpdateRoom', () => {
  it('changes what is named and leaves the rest', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Before', settings: { askPersonalToken: true } });
    const slug = room?.slug ?? '';
    expect((await owner.rooms.updateRoom({ slug, name: 'After' })).room).toMatchObject({
      name: 'After',
      accessLevel: rooms.AccessLevel.INVITED,
      settings: { askPersonalToken: true },
    });
    const changed = await owner.rooms.updateRoom({ slug, accessLevel: rooms.AccessLevel.CODE, settings: {} });
    expect(changed.room).toMatchObject({ accessLevel: rooms.AccessLevel.CODE, settings: { askPersonalToken: false } });
    expect(await refusal(owner.rooms.updateRoom({ slug, accessLevel: rooms.AccessLevel.UNSPECIFIED }))).toBe(
      'INVALID_ARGUMENT',
    );
  });
});

describe('DeleteRoom', () => {
  it('shreds messages and key, tells files exactly once, and puts everybody out', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Short-lived' });
    const slug = room?.slug ?? '';
    const { joinId, ticket } = await join(stage, owner, slug);
    await eventually(() => owner.messages.postMessage({ slug, text: 'soon noise' }));
    const keys = await stage.database.connect('keys');
    expect((await keys.query('select 1 from message_key where room_id = $1', [room?.id])).rowCount).toBe(1);

    await owner.rooms.deleteRoom({ slug });

    expect((await keys.query('select 1 from message_key where room_id = $1', [room?.id])).rowCount).toBe(0);
    expect((await stage.sql.query('select 1 from message where room_id = $1', [room?.id])).rowCount).toBe(0);
    expect((await stage.sql.query('select name from room where id = $1', [room?.id])).rows).toEqual([{ name: '-' }]);
    expect(await refusal(owner.rooms.getRoom({ slug }))).toBe('NOT_FOUND');
    expect(await refusal(owner.entry.requestEntry({ slug }))).toBe('NOT_FOUND');
    expect(await refusal(owner.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    expect(await refusal(stage.presence.provePresence({ roomId: room?.id ?? '', userId: owner.userId }))).toBe(
      'NOT_PRESENT',
    );
    expect(await refusal(owner.rooms.deleteRoom({ slug }))).toBe('NOT_FOUND');

    const feed = createClient(rooms.FeedService, stage.neighbours.filesBus);
    const deletions = await eventually(async () => {
      const { events } = await feed.listEvents({ limit: 500 });
      const found = events.filter(({ event }) => event.case === 'roomDeleted' && event.value.roomId === room?.id);
      if (found.length === 0) throw new Error('not yet');
      return found;
    });
    expect(deletions).toHaveLength(1);
    expect(joinId).toMatch(/^[0-9a-f]{32}$/);
  });
});
