import { rooms } from '@conclave/contracts';
import { MessageKey, type KeyEncryption, type WrappedKey } from '@conclave/keys';
import { FixedClock, Ids } from '@conclave/platform';
import { openText, sealText } from '@conclave/sealing/node';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { keyEncryptionToken } from '../src/room-keys/room-vault.js';
import { presentWithoutMedia } from './support/present.js';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
let keys: Awaited<ReturnType<Stage['database']['connect']>>;
beforeAll(async () => {
  stage = await openStage();
  keys = await stage.database.connect('keys');
}, 180_000);

async function codeRoom(): Promise<{ owner: Actor; slug: string; accessCode: string; roomId: string }> {
  const owner = stage.person();
  const { room, accessCode } = await owner.rooms.createRoom({ name: 'Code', accessLevel: rooms.AccessLevel.CODE });
  return { owner, slug: room?.slug ?? '', accessCode, roomId: room?.id ?? '' };
}

const wrongCode = 'zzzz-zzzz-zzzz';

/** A refusal with its details. */
async function refused(
  call: Promise<unknown>,
): Promise<{ reason: string; left: string | undefined; wait: number | undefined }> {
  try {
    await call;
    return { reason: 'nothing', left: undefined, wait: undefined };
  } catch (error) {
    const { reason, details, retryAfterSeconds } = error as {
      reason: string;
      details: Record<string, string>;
      retryAfterSeconds?: number;
    };
    return { reason, left: details['attemptsLeft'], wait: retryAfterSeconds };
  }
}

/** Seconds between the attempt that began a wait and the wait's end. */
async function waitOf(key: string): Promise<number | null> {
  const { rows } = await stage.sql.query<{ wait: number | null }>(
    'select extract(epoch from blocked_until - updated_at)::int as wait from attempt where key = $1',
    [key],
  );
  return rows[0]?.wait ?? null;
}

describe('reading, rotating, removing', () => {
  it('the owner reads the code again, gets a new one, and removes it', async () => {
    const { owner, slug, accessCode } = await codeRoom();
    expect((await owner.codes.getAccessCode({ slug })).accessCode).toBe(accessCode);
    const rotated = (await owner.codes.rotateAccessCode({ slug })).accessCode;
    expect(rotated).not.toBe(accessCode);
    expect((await owner.codes.getAccessCode({ slug })).accessCode).toBe(rotated);
    await owner.codes.removeAccessCode({ slug });
    expect((await owner.codes.getAccessCode({ slug })).accessCode).toBe('');
    expect(await refusal(stage.person().entry.requestEntry({ slug, accessCode: rotated }))).toBe('NOT_INVITED');
  });

  it('a sealed code opens beside its own hash only: not one of an earlier version, not one of another room', async () => {
    const { owner, slug, roomId } = await codeRoom();
    const other = await codeRoom();
    const sealedOf = async (id: string) => {
      const { rows } = await stage.sql.query<{ code_sealed: Buffer }>('select code_sealed from room where id = $1', [
        id,
      ]);
      return rows[0]?.code_sealed ?? Buffer.alloc(0);
    };
    const earlier = await sealedOf(roomId);
    await owner.codes.rotateAccessCode({ slug });
    for (const wrong of [earlier, await sealedOf(other.roomId), earlier.subarray(1)]) {
      await stage.sql.query('update room set code_sealed = $1 where id = $2', [wrong, roomId]);
      expect(await refusal(owner.codes.getAccessCode({ slug }))).toBe('FILE_INTEGRITY');
    }
  });

  /** The room's message key, as the row has it. */
  async function messageKey(roomId: string): Promise<MessageKey> {
    const { rows } = await keys.query<WrappedKey>(
      'select wrapped, kek_version as version, binding from message_key where room_id = $1',
      [roomId],
    );
    const [row] = rows;
    if (!row) throw new Error('the room has no key');
    const encryption = stage.service.app.get<KeyEncryption>(keyEncryptionToken, { strict: false });
    return encryption.unwrap(row, { purpose: 'message_key', roomId }, MessageKey);
  }
  const labelBefore = 'svc-access-code/1';

  it('a code that the release before sealed is still read', async () => {
    const { owner, slug, roomId } = await codeRoom();
    const key = await messageKey(roomId);
    const code = 'k7fm-2p9x-1q40';
    const sealed = key.use((raw) => sealText('01', raw, labelBefore, Buffer.from(roomId), code));
    await stage.sql.query('update room set code_sealed = $1 where id = $2', [sealed, roomId]);
    expect((await owner.codes.getAccessCode({ slug })).accessCode).toBe(code);
  });

  it('is sealed so that the release before reads it, until keys are bound to their rows', async () => {
    const { rows } = await keys.query<{ knows: string; reason: string }>('delete from schema_floor returning *');
    try {
      const { owner, slug, roomId } = await codeRoom();
      const { accessCode } = await owner.codes.rotateAccessCode({ slug });
      const room = await stage.sql.query<{ sealed: Buffer }>('select code_sealed as sealed from room where id = $1', [
        roomId,
      ]);
      const key = await messageKey(roomId);
      const read = (sealed: Buffer) => key.use((raw) => openText(raw, labelBefore, Buffer.from(roomId), sealed));
      expect(room.rows.map(({ sealed }) => read(sealed))).toEqual([accessCode]);
      expect((await owner.codes.getAccessCode({ slug })).accessCode).toBe(accessCode);
    } finally {
      for (const { knows, reason } of rows)
        await keys.query('insert into schema_floor (knows, reason) values ($1, $2)', [knows, reason]);
    }
  });

  it('a chosen code is taken as it is', async () => {
    const owner = stage.person();
    const { room, accessCode } = await owner.rooms.createRoom({
      name: 'Chosen',
      accessLevel: rooms.AccessLevel.CODE,
      accessCode: 'spring-2026-x',
    });
    expect(accessCode).toBe('spr1-ng20-26x');
    await stage.person().entry.requestEntry({ slug: room?.slug ?? '', accessCode: 'SPRING 2026 X' });
  });
});

/** Somebody whose account is two days old. */
const grown = () =>
  stage.person({ userId: new Ids(new FixedClock(new Date(Date.now() - 48 * 3_600_000).toISOString())).uuidv7() });

describe('typing a code', () => {
  it('is asked for, forgiving about grouping and case, and then not asked again', async () => {
    const { slug, accessCode } = await codeRoom();
    const guest = stage.person();
    expect((await guest.rooms.getDoor({ slug })).door).toMatchObject({
      standing: rooms.Standing.OPEN,
      needsAccessCode: true,
      name: 'Code',
    });
    expect(await refusal(guest.entry.requestEntry({ slug }))).toBe('ACCESS_CODE_REQUIRED');
    await guest.entry.requestEntry({ slug, accessCode: accessCode.replaceAll('-', '').toUpperCase() });
    await guest.entry.requestEntry({ slug });
    expect((await guest.rooms.getDoor({ slug })).door).toMatchObject({
      standing: rooms.Standing.MEMBER,
      needsAccessCode: false,
    });
  });

  it('of a rotated room is asked again, also of those who knew the old one', async () => {
    const { owner, slug, accessCode } = await codeRoom();
    const guest = stage.person();
    await guest.entry.requestEntry({ slug, accessCode });
    const rotated = (await owner.codes.rotateAccessCode({ slug })).accessCode;
    expect(await refusal(guest.entry.requestEntry({ slug }))).toBe('ACCESS_CODE_REQUIRED');
    expect(await refusal(guest.entry.requestEntry({ slug, accessCode }))).toBe('ACCESS_CODE_WRONG');
    await guest.entry.requestEntry({ slug, accessCode: rotated });
  });

  it('a wrong one says how many attempts are left, then how long to wait', async () => {
    const { slug, accessCode } = await codeRoom();
    const guest = stage.person();
    const guess = () => refused(guest.entry.requestEntry({ slug, accessCode: wrongCode }));
    for (const left of ['4', '3', '2', '1']) expect(await guess()).toMatchObject({ reason: 'ACCESS_CODE_WRONG', left });
    expect(await guess()).toMatchObject({ reason: 'ACCESS_CODE_WRONG', left: '0', wait: 60 });
    expect(await guess()).toMatchObject({ reason: 'RATE_LIMITED', left: '0' });
    // Not even the right one, or the wait would be a way to tell.
    expect(await refusal(guest.entry.requestEntry({ slug, accessCode }))).toBe('RATE_LIMITED');
    // Nobody else waits for it.
    await stage.person().entry.requestEntry({ slug, accessCode });
  });

  it('a right one gives all attempts back', async () => {
    const { slug, accessCode } = await codeRoom();
    const guest = stage.person();
    await refusal(guest.entry.requestEntry({ slug, accessCode: wrongCode }));
    await guest.entry.requestEntry({ slug, accessCode });
    await stage.sql.query('update room_member set code_version = null where user_id = $1', [guest.userId]);
    expect(await refused(guest.entry.requestEntry({ slug, accessCode: wrongCode }))).toMatchObject({ left: '4' });
  });
});

describe('access codes.security', () => {
  it('thirty guesses at once are thirty guesses', async () => {
    const { slug, roomId } = await codeRoom();
    const guest = stage.person();
    const reasons = await Promise.all(
      Array.from({ length: 30 }, () =>
        // On a machine that does much else a look at a code waits for its turn longer than a caller would.
        refusal(guest.entry.requestEntry({ slug, accessCode: wrongCode }, { timeoutMs: 25_000 })),
      ),
    );
    // Few of one person may wait for a look at one moment: the others are turned away before it, and cost nothing.
    const known = ['ACCESS_CODE_WRONG', 'RATE_LIMITED', 'BUSY'];
    expect(reasons.filter((reason) => !known.includes(reason))).toEqual([]);
    let looks = reasons.filter((reason) => reason === 'ACCESS_CODE_WRONG').length;
    expect(looks).toBeLessThanOrEqual(5);
    while ((await refusal(guest.entry.requestEntry({ slug, accessCode: wrongCode }))) === 'ACCESS_CODE_WRONG')
      looks += 1;
    expect(looks).toBe(5);
    const { rows } = await stage.sql.query('select attempts from attempt where key = $1', [
      `access-code:${roomId}:${guest.userId}`,
    ]);
    expect(rows).toEqual([{ attempts: 5 }]);
  });

  it('twelve fresh accounts with wrong codes lock nobody out who knows the right one, not even of their own network', async () => {
    const { owner, slug, accessCode, roomId } = await codeRoom();
    const crowd = Array.from({ length: 12 }, () => stage.person());
    const answers: string[] = [];
    for (const guest of crowd) {
      for (let i = 0; i < 5; i++)
        answers.push(
          await refusal(guest.entry.requestEntry({ slug, accessCode: wrongCode, clientAddress: '198.51.100.7' })),
        );
      // However slow this machine is, the wait of their network lasts until the end.
      await stage.sql.query(
        `update attempt set blocked_until = blocked_until + interval '1 hour' where key like $1 and attempts >= 10`,
        [`access-code:${roomId}:young:%`],
      );
    }
    expect(new Set(answers)).toEqual(new Set(['ACCESS_CODE_WRONG', 'RATE_LIMITED']));
    // The brake of their network: ten looks, and then the first one of each account that had none yet.
    expect(answers.filter((answer) => answer === 'ACCESS_CODE_WRONG')).toHaveLength(20);
    await stage.person().entry.requestEntry({ slug, accessCode, clientAddress: '203.0.113.9' });
    await stage.person().entry.requestEntry({ slug, accessCode, clientAddress: '198.51.100.7' });
    await grown().entry.requestEntry({ slug, accessCode, clientAddress: '198.51.100.7' });
    const invited = stage.person();
    await owner.invitations.createInvitation({ slug, email: invited.email });
    for (const code of [wrongCode, wrongCode])
      expect(
        await refused(invited.entry.requestEntry({ slug, accessCode: code, clientAddress: '198.51.100.7' })),
      ).toMatchObject({ reason: 'ACCESS_CODE_WRONG' });
    await invited.entry.requestEntry({ slug, accessCode, clientAddress: '198.51.100.7' });
  });

  it('a network waits from 15 seconds to five minutes, accounts of a day and more apart from new ones', async () => {
    const { slug, roomId } = await codeRoom();
    const key = async (age: 'young' | 'grown'): Promise<string> => {
      const { rows } = await stage.sql.query<{ key: string }>('select key from attempt where key like $1', [
        `access-code:${roomId}:${age}:%`,
      ]);
      return rows[0]?.key ?? '';
    };
    for (const [age, somebody, free] of [
      ['young', () => stage.person(), 10],
      ['grown', grown, 30],
    ] as const) {
      const guess = () => refused(somebody().entry.requestEntry({ slug, accessCode: wrongCode }));
      await guess();
      const waits: (number | null)[] = [];
      for (const attempts of [free - 2, free - 1, free, free + 1, 499]) {
        await stage.sql.query('update attempt set attempts = $2, blocked_until = null where key = $1', [
          await key(age),
          attempts,
        ]);
        expect(await guess()).toMatchObject({ reason: 'ACCESS_CODE_WRONG', left: '4', wait: undefined });
        waits.push(await waitOf(await key(age)));
      }
      expect(waits).toEqual([null, 15, 30, 60, 300]);
    }
    const { rows } = await stage.sql.query<{ key: string }>('select key from attempt');
    expect(rows.map((row) => row.key).join(' ')).not.toContain('198.51');
  });

  it('many wrong codes are told to hosts, once, until whoever may has changed the code', async () => {
    const { owner, slug } = await codeRoom();
    await owner.entry.requestEntry({ slug });
    await presentWithoutMedia(stage, slug);
    const wrong = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++)
        await refusal(
          stage.person().entry.requestEntry({ slug, accessCode: wrongCode, clientAddress: `198.51.100.${i}` }),
        );
    };
    const told = async (): Promise<number> => {
      const { events } = await owner.events.listRoomEvents({ slug, after: 0n });
      return events.filter(({ event }) => event.case === 'codeGuessed').length;
    };
    const guessedAt = async () => (await owner.rooms.getRoom({ slug })).room?.codeGuessedAt;
    await wrong(19);
    expect([await told(), await guessedAt()]).toEqual([0, undefined]);
    await wrong(5);
    expect(await told()).toBe(1);
    expect(await guessedAt()).toBeDefined();
    const { accessCode } = await owner.codes.rotateAccessCode({ slug });
    expect(await guessedAt()).toBeUndefined();
    // Only whoever can do something about it is told with the room.
    const member = stage.person();
    await member.entry.requestEntry({ slug, accessCode });
    await wrong(21);
    expect(await told()).toBe(2);
    expect((await member.rooms.getRoom({ slug })).room?.codeGuessedAt).toBeUndefined();
  });

  it('waits of one caller double up to an hour, end by themselves, and after a day everything is forgotten', async () => {
    const { slug, roomId } = await codeRoom();
    const guest = stage.person();
    const key = `access-code:${roomId}:${guest.userId}`;
    const guess = () => refused(guest.entry.requestEntry({ slug, accessCode: wrongCode }));
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 12; i++) {
      waits.push((await guess()).wait);
      await stage.sql.query(`update attempt set blocked_until = now() - interval '1 second' where key like $1`, [
        `access-code:${roomId}:%`,
      ]);
    }
    expect(waits.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(waits.slice(4)).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600]);
    await stage.sql.query(
      `update attempt set forgotten_at = forgotten_at - interval '1 day 1 second', blocked_until = null where key = $1`,
      [key],
    );
    expect(await guess()).toMatchObject({ left: '4', wait: undefined });
  });

  it('who tried the code of a room is forgotten with the room', async () => {
    const { owner, slug, roomId } = await codeRoom();
    await refusal(stage.person().entry.requestEntry({ slug, accessCode: wrongCode }));
    await owner.rooms.deleteRoom({ slug });
    const { rows } = await stage.sql.query('select 1 from attempt where key like $1', [`access-code:${roomId}:%`]);
    expect(rows).toHaveLength(0);
  });

  it('a code that was typed before a rotation does not open after it', async () => {
    const { owner, slug, accessCode } = await codeRoom();
    const outcomes = await Promise.all([
      ...Array.from({ length: 4 }, () => refusal(stage.person().entry.requestEntry({ slug, accessCode }))),
      owner.codes.rotateAccessCode({ slug }).then(() => 'rotated'),
    ]);
    // Who was admitted was admitted before the rotation's commit: nobody is a member with the new version and the old code.
    const { rows } = await stage.sql.query(
      `select 1 from room_member m join room r on r.id = m.room_id
        where r.slug = $1 and m.code_version = r.code_version`,
      [slug],
    );
    expect(rows).toHaveLength(0);
    expect(outcomes).toContain('rotated');
  });

  it('someone the room does not invite cannot even try a code', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Both', accessLevel: rooms.AccessLevel.INVITED_AND_CODE });
    const stranger = stage.person();
    expect(await refusal(stranger.entry.requestEntry({ slug: room?.slug ?? '', accessCode: wrongCode }))).toBe(
      'NOT_INVITED',
    );
    const { rows } = await stage.sql.query('select 1 from attempt where key like $1', [`access-code:${room?.id}:%`]);
    expect(rows).toHaveLength(0);
  });

  it('what the release before has counted is taken along, to the second', async () => {
    const { slug, roomId, accessCode } = await codeRoom();
    const [guest, other] = [stage.person(), stage.person()];
    await stage.sql.query('drop table attempt');
    await stage.sql.query(`delete from mikro_orm_migrations where name like '%_attempts'`);
    await stage.sql.query(
      `insert into access_code_attempt (room_id, subject, failures, last_failure_at, blocked_until)
       values ($1, $2, 7, now(), now() + interval '240 seconds'), ($1, $3, 3, now(), null), ($1, '*', 10, now(), null)`,
      [roomId, guest.userId, other.userId],
    );
    await stage.replica();
    expect(await refusal(guest.entry.requestEntry({ slug, accessCode }))).toBe('RATE_LIMITED');
    expect(await refused(other.entry.requestEntry({ slug, accessCode: wrongCode }))).toMatchObject({ left: '1' });
    const { rows } = await stage.sql.query(
      `select attempts, extract(epoch from forgotten_at - created_at)::int as kept from attempt where key like $1 order by attempts`,
      [`access-code:${roomId}:%`],
    );
    // One look of the other's network, one wrong code more; and what everybody had tried, by which nobody waits any more.
    expect(rows).toMatchObject([
      { attempts: 1 },
      { attempts: 1 },
      { attempts: 4 },
      { attempts: 7, kept: 86_400 },
      { attempts: 10 },
    ]);
  });
});
