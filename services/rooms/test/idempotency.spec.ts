import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RepeatableStore } from '@conclave/messaging';
import type { RepeatableCalls } from '@conclave/persistence';
import { join } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let owner: Actor;
let slug: string;
beforeAll(async () => {
  stage = await openStage();
  owner = stage.person({ displayName: 'Marta Berg' });
  const { room } = await owner.rooms.createRoom({ name: 'Chat', accessLevel: rooms.AccessLevel.ORGANISATION });
  slug = room?.slug ?? '';
  await join(stage, owner, slug);
  await eventually(() => owner.messages.listMessages({ slug }));
}, 180_000);

let keys = 0;
const freshKey = (): string => `key-${++keys}`;
const numberOf = async (sql: string, values: unknown[] = []): Promise<number> =>
  (await stage.sql.query<{ n: number }>(`select count(*)::int as n from ${sql}`, values)).rows[0]?.n ?? -1;
const keyCount = async (): Promise<number> => {
  const superuser = await stage.database.connect('superuser');
  const { rows } = await superuser.query<{ n: number }>('select count(*)::int as n from keys.message_key');
  return rows[0]?.n ?? -1;
};

describe('PostMessage with a key', () => {
  it('is said once, and a repeat gets the same message', async () => {
    const options = { idempotencyKey: freshKey() };
    const first = await owner.messages.postMessage({ slug, text: 'only once' }, options);
    const again = await owner.messages.postMessage({ slug, text: 'only once' }, options);
    expect(again).toEqual(first);
    const { messages } = await owner.messages.listMessages({ slug });
    expect(messages.filter(({ text }) => text === 'only once')).toHaveLength(1);
    const { events } = await owner.events.listRoomEvents({ slug, after: 0n, limit: 500 });
    const told = events.filter(
      ({ event }) => event.case === 'messageCreated' && event.value.messageId === first.message?.id,
    );
    expect(told).toHaveLength(1);
  });

  it('eight times at once is one message, in two replicas too', async () => {
    await stage.replica();
    const options = { idempotencyKey: freshKey() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => owner.messages.postMessage({ slug, text: 'all at once' }, options)),
    );
    expect(new Set(answers.map(({ message }) => message?.id)).size).toBe(1);
    expect(answers.every(({ message }) => message?.text === 'all at once')).toBe(true);
    const { messages } = await owner.messages.listMessages({ slug });
    expect(messages.filter(({ text }) => text === 'all at once')).toHaveLength(1);
  });

  it('is a conflict with another text, and free again for another person', async () => {
    const options = { idempotencyKey: freshKey() };
    await owner.messages.postMessage({ slug, text: 'mine' }, options);
    expect(await refusal(owner.messages.postMessage({ slug, text: 'changed' }, options))).toBe('CONFLICT');
    const guest = stage.person();
    await join(stage, guest, slug);
    await eventually(() => guest.messages.listMessages({ slug }));
    const { message } = await guest.messages.postMessage({ slug, text: 'mine' }, options);
    expect(message?.author?.id).toBe(guest.userId);
  });

  it('that was refused is not remembered', async () => {
    const guest = stage.person();
    const options = { idempotencyKey: freshKey() };
    expect(await refusal(guest.messages.postMessage({ slug, text: 'too early' }, options))).toBe('NOT_PRESENT');
    await join(stage, guest, slug);
    await eventually(() => guest.messages.postMessage({ slug, text: 'too early' }, options));
  });

  it('is repeated to nobody who has left', async () => {
    const guest = stage.person();
    const { joinId } = await join(stage, guest, slug);
    const options = { idempotencyKey: freshKey() };
    await eventually(() => guest.messages.postMessage({ slug, text: 'goodbye' }, options));
    await guest.entry.leave({ slug, joinId });
    expect(await refusal(guest.messages.postMessage({ slug, text: 'goodbye' }, options))).toBe('NOT_PRESENT');
  });

  it('leaves neither text nor key where somebody who reads the table could guess them', async () => {
    const { message } = await owner.messages.postMessage({ slug, text: 'yes' }, { idempotencyKey: 'canary-key' });
    const { rows } = await stage.sql.query<{ key: string; response: Buffer; hash: string }>(
      `select key, response, encode(request_hash, 'hex') as hash from idempotency where principal = $1
        order by created_at desc limit 1`,
      [owner.userId],
    );
    const text = rows[0]?.response.toString('latin1');
    expect(text).not.toContain(message?.id);
    expect(text).not.toContain('yes');
    expect(rows[0]?.key).not.toContain('canary');
    expect(await refusal(owner.messages.postMessage({ slug, text: 'no' }, { idempotencyKey: 'canary-key' }))).toBe(
      'CONFLICT',
    );
  });
});

describe('CreateRoom with a key', () => {
  it('makes one room, and a repeat gets the answer of the first whatever became of it since', async () => {
    const person = stage.person();
    const options = { idempotencyKey: freshKey() };
    const first = await person.rooms.createRoom({ name: 'Once' }, options);
    const keysBefore = await keyCount();
    expect(await person.rooms.createRoom({ name: 'Once' }, options)).toEqual(first);
    expect((await person.rooms.listRooms({})).rooms).toHaveLength(1);
    expect(await keyCount()).toBe(keysBefore);
    await person.codes.rotateAccessCode({ slug: first.room?.slug ?? '' });
    expect(await person.rooms.createRoom({ name: 'Once' }, options)).toEqual(first);
    expect(await refusal(person.rooms.createRoom({ name: 'Twice' }, options))).toBe('CONFLICT');
    await person.rooms.deleteRoom({ slug: first.room?.slug ?? '' });
    expect(await person.rooms.createRoom({ name: 'Once' }, options)).toEqual(first);
    expect((await person.rooms.listRooms({})).rooms).toHaveLength(0);
  });

  it('six times at once is one room with one key', async () => {
    const person = stage.person();
    const options = { idempotencyKey: freshKey() };
    const before = await keyCount();
    const made = await Promise.all(Array.from({ length: 6 }, () => person.rooms.createRoom({ name: 'Race' }, options)));
    expect(new Set(made.map(({ room }) => room?.id)).size).toBe(1);
    expect(new Set(made.map(({ accessCode }) => accessCode)).size).toBe(1);
    expect(await numberOf('room where owner_id = $1', [person.userId])).toBe(1);
    expect(await keyCount()).toBe(before + 1);
  });

  it('keeps no code, chosen or made, among the remembered calls', async () => {
    const person = stage.person();
    const options = { idempotencyKey: freshKey() };
    const chosen = 'k7fm-2p9x-wq4d';
    const { accessCode } = await person.rooms.createRoom({ name: 'Chosen', accessCode: chosen }, options);
    expect(accessCode).toBe(chosen);
    const { rows } = await stage.sql.query('select i::text as row from idempotency i where principal = $1', [
      person.userId,
    ]);
    expect(JSON.stringify(rows)).not.toContain('k7fm');
  });

  it('that is refused leaves no key behind', async () => {
    const before = await keyCount();
    const person = stage.person();
    expect(await refusal(person.rooms.createRoom({ name: 'Weak', accessCode: '1234' }))).toBe('INVALID_ARGUMENT');
    expect(await keyCount()).toBe(before);
  });
});

describe('CreateInvitation with a key', () => {
  it('makes one invitation, and a repeat gets the same link; the token lies nowhere', async () => {
    const options = { idempotencyKey: freshKey() };
    const first = await owner.invitations.createInvitation({ slug, email: 'a@b.test' }, options);
    expect(await owner.invitations.createInvitation({ slug, email: 'a@b.test' }, options)).toEqual(first);
    const { invitations } = await owner.invitations.listInvitations({ slug });
    expect(invitations.filter(({ email }) => email === 'a@b.test')).toHaveLength(1);
    expect(await refusal(owner.invitations.createInvitation({ slug, email: 'c@d.test' }, options))).toBe('CONFLICT');
    const { rows } = await stage.sql.query('select i::text as row from idempotency i where principal = $1', [
      owner.userId,
    ]);
    const token = first.link.split('#')[1] ?? '';
    expect(token.length).toBeGreaterThan(40);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex'));
  });
});

describe('a key', () => {
  it.each(['a'.repeat(129), 'a b', 'schlüssel', 'a\u0007b'])('that is %j is refused', async (idempotencyKey) => {
    const call = stage.person().rooms.createRoom({ name: 'Key' }, { idempotencyKey });
    expect(await refusal(call)).toBe('INVALID_ARGUMENT');
  });

  it('that is empty stands for none', async () => {
    const person = stage.person();
    for (let i = 0; i < 2; i++) await person.rooms.createRoom({ name: 'Key' }, { idempotencyKey: '' });
    expect((await person.rooms.listRooms({})).rooms).toHaveLength(2);
  });

  it('is forgotten after a day', async () => {
    await stage.sql.query(`update idempotency set created_at = now() - interval '25 hours' where principal = $1`, [
      owner.userId,
    ]);
    await stage.service.app.get<RepeatableCalls>(RepeatableStore as never, { strict: false }).forget();
    expect(await numberOf('idempotency where principal = $1', [owner.userId])).toBe(0);
  });
});
