import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
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
    // All of them, so that a failure says what else came.
    const expected = [...Array<string>(5).fill('ACCESS_CODE_WRONG'), ...Array<string>(25).fill('RATE_LIMITED')];
    expect(reasons.toSorted()).toEqual(expected);
    const { rows } = await stage.sql.query('select attempts from attempt where key = $1', [
      `access-code:${roomId}:${guest.userId}`,
    ]);
    expect(rows).toEqual([{ attempts: 5 }]);
  });

  it('a crowd of accounts is slowed together, and never locks the room for more than five minutes', async () => {
    const { slug, roomId, accessCode } = await codeRoom();
    const key = `access-code:${roomId}:everybody`;
    const guess = () => refused(stage.person().entry.requestEntry({ slug, accessCode: wrongCode }));
    const waits: (number | null)[] = [];
    await guess();
    for (const attempts of [47, 48, 49, 50, 51, 499]) {
      await stage.sql.query('update attempt set attempts = $2, blocked_until = null where key = $1', [key, attempts]);
      expect(await guess()).toMatchObject({ reason: 'ACCESS_CODE_WRONG', left: '4', wait: undefined });
      waits.push(await waitOf(key));
    }
    expect(waits).toEqual([null, null, 15, 30, 60, 300]);
    expect(await refusal(stage.person().entry.requestEntry({ slug, accessCode }))).toBe('RATE_LIMITED');
  });

  it('waits of one caller double up to an hour, end by themselves, and after a day everything is forgotten', async () => {
    const { slug, roomId } = await codeRoom();
    const guest = stage.person();
    const key = `access-code:${roomId}:${guest.userId}`;
    const guess = () => refused(guest.entry.requestEntry({ slug, accessCode: wrongCode }));
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 12; i++) {
      waits.push((await guess()).wait);
      await stage.sql.query(`update attempt set blocked_until = now() - interval '1 second' where key = $1`, [key]);
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
    expect(rows).toMatchObject([{ attempts: 4 }, { attempts: 7, kept: 86_400 }, { attempts: 11 }]);
  });
});
