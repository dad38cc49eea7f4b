import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RoomVault } from '../src/room-keys/room-vault.js';
import { join } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let owner: Actor;
let slug: string;
let roomId: string;
beforeAll(async () => {
  stage = await openStage();
  owner = stage.person({ displayName: 'Marta Berg' });
  const { room } = await owner.rooms.createRoom({ name: 'Chat', accessLevel: rooms.AccessLevel.ORGANISATION });
  slug = room?.slug ?? '';
  roomId = room?.id ?? '';
  await join(stage, owner, slug);
  await eventually(() => owner.messages.listMessages({ slug }));
}, 180_000);

describe('messages', () => {
  it('come back newest first, page by page, with their authors', async () => {
    const guest = stage.person({ displayName: 'Paul Weiss' });
    await join(stage, guest, slug);
    const texts = ['one', 'two 👋', 'שלוש', 'four\nlines', 'five'];
    for (const [index, text] of texts.entries())
      await eventually(() => (index % 2 ? guest : owner).messages.postMessage({ slug, text }));
    const first = await guest.messages.listMessages({ slug, limit: 3 });
    const second = await guest.messages.listMessages({ slug, limit: 3, before: first.next });
    expect([...first.messages, ...second.messages].map(({ text }) => text)).toEqual([...texts].reverse());
    expect(first.messages.map(({ author }) => author?.displayName)).toEqual(['Marta Berg', 'Paul Weiss', 'Marta Berg']);
    expect(second.next).toBe('');
  });

  it('lie sealed: no column of the database holds a word of them', async () => {
    const canary = 'canary-4f1d-the-merger-is-on-friday';
    const { message } = await owner.messages.postMessage({ slug, text: canary });
    const superuser = await stage.database.connect('superuser');
    const { rows } = await superuser.query<{ row: string }>(`
      select m::text as row from message m union all select e::text from room_event e union all select o::text from outbox o
      union all select encode(sealed, 'escape') from message union all select k::text from keys.message_key k`);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map(({ row }) => row).join('\n')).not.toContain('merger');
    expect(message?.text).toBe(canary);
  });

  it('open nowhere but in their own row', async () => {
    const { message: mine } = await owner.messages.postMessage({ slug, text: 'mine' });
    const { message: other } = await owner.messages.postMessage({ slug, text: 'other' });
    await stage.sql.query('update message set sealed = (select sealed from message where id = $1) where id = $2', [
      mine?.id,
      other?.id,
    ]);
    expect(await refusal(owner.messages.listMessages({ slug }))).toBe('FILE_INTEGRITY');
    await stage.sql.query('delete from message where id = $1', [other?.id]);
    await owner.messages.listMessages({ slug });
  });

  it('the key lies where the service’s own role cannot read', async () => {
    await expect(stage.sql.query('select 1 from keys.message_key')).rejects.toThrow(/permission denied/);
    const keys = await stage.database.connect('keys');
    await expect(keys.query('select 1 from public.message')).rejects.toThrow(/permission denied/);
  });

  it('the key unwraps in the row of its room only, whatever the row says of how it was wrapped', async () => {
    const room = async (name: string) => {
      const made = await owner.rooms.createRoom({ name, accessLevel: rooms.AccessLevel.CODE });
      return made.room ?? { id: '', slug: '' };
    };
    const [one, other] = [await room('One'), await room('Other')];
    const keys = await stage.database.connect('keys');
    for (const binding of ['binding', '0']) {
      await keys.query(
        `update message_key set (wrapped, binding) = (select wrapped, ${binding} from message_key where room_id = $1) where room_id = $2`,
        [one.id, other.id],
      );
      // A replica that has never seen the key.
      const vault = (await stage.replica()).app.get(RoomVault, { strict: false });
      const place = { roomId: other.id, messageId: 'm', authorId: 'a' };
      expect(await refusal(vault.sealMessage(place, 'sealed under the key of another room'))).toBe('FILE_INTEGRITY');
      expect(await refusal(vault.openAccessCode(other.id, 'hash', Buffer.alloc(80)))).toBe('FILE_INTEGRITY');
    }
  });

  it('of a room whose key is gone open in no replica, not even where the key was used a moment ago', async () => {
    const replica = await stage.replica();
    const inReplica = replica.app.get(RoomVault, { strict: false });
    const { room } = await owner.rooms.createRoom({ name: 'Gone', accessLevel: rooms.AccessLevel.INVITED });
    const place = { roomId: room?.id ?? '', messageId: 'm', authorId: 'a' };
    const sealed = await inReplica.sealMessage(place, 'gone');
    expect(await inReplica.openMessages(place.roomId, [{ ...place, sealed }])).toEqual(['gone']);
    // Not by the deletion of the room, which any of the two may answer.
    await stage.service.app.get(RoomVault, { strict: false }).shred(place.roomId);
    // Whatever was told has been heard when the bus has answered both.
    await stage.service.bus.ping();
    await replica.bus.ping();
    expect(await refusal(inReplica.openMessages(place.roomId, [{ ...place, sealed }]))).toBe('NOT_FOUND');
    await replica.close();
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['4001 code points', 'a'.repeat(4_001)],
    ['NUL', 'a\u0000b'],
  ])('of %s are refused', async (_fact, text) => {
    expect(await refusal(owner.messages.postMessage({ slug, text }))).toBe('INVALID_ARGUMENT');
  });

  it('are for those who are in the meeting, in this room, through this session', async () => {
    const stranger = stage.person();
    const member = stage.person();
    await member.entry.requestEntry({ slug });
    const otherSession = stage.as(owner, { sessionId: stage.person().sessionId });
    for (const person of [stranger, member, otherSession]) {
      expect(await refusal(person.messages.listMessages({ slug }))).toBe('NOT_PRESENT');
      expect(await refusal(person.messages.postMessage({ slug, text: 'let me in' }))).toBe('NOT_PRESENT');
    }
    expect(await refusal(owner.messages.listMessages({ slug: 'no-such-room-here' }))).toBe('NOT_PRESENT');
    expect(roomId).not.toBe('');
  });
});
