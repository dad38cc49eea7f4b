import { broadcasts, common, create, permissionsOf, rooms, toBinary } from '@conclave/contracts';
import { liveSender } from '@conclave/contracts/live';
import { Ids } from '@conclave/platform';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeJwt } from 'jose';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

async function room(
  changes: { accessLevel?: rooms.AccessLevel; settings?: { askPersonalToken: boolean } } = {},
): Promise<{ owner: Actor; slug: string; roomId: string }> {
  const owner = stage.person();
  const made = await owner.rooms.createRoom({ name: 'Room', accessLevel: rooms.AccessLevel.ORGANISATION, ...changes });
  return { owner, slug: made.room?.slug ?? '', roomId: made.room?.id ?? '' };
}

describe('RequestEntry', () => {
  it('hands out a random join id, and a ticket that the media server takes for nothing', async () => {
    const { slug } = await room();
    const guest = stage.person();
    const { joinId, ticket, role, can } = await guest.entry.requestEntry({ slug });
    expect(joinId).toMatch(/^[0-9a-f]{32}$/);
    expect([role, can]).toEqual([rooms.RoomRole.PARTICIPANT, permissionsOf('participant')]);
    expect((await fetch(`${stage.livekit.url}/rtc/validate?access_token=${ticket}`)).status).toBe(401);
    expect((await guest.entry.requestEntry({ slug })).joinId).not.toBe(joinId);
  });

  it('refreshes the name people see', async () => {
    const { owner, slug } = await room();
    const guest = stage.person({ displayName: 'Old Name' });
    await guest.entry.requestEntry({ slug });
    await stage.as(guest, { displayName: 'New Name' }).entry.requestEntry({ slug });
    const { rows } = await stage.sql.query('select display_name from room_member where user_id = $1', [guest.userId]);
    expect(rows).toEqual([{ display_name: 'New Name' }]);
    expect((await owner.rooms.getRoom({ slug })).room?.memberCount).toBe(2);
  });

  it('asks auth for the personal token where the room wants it, and only when everything else fits', async () => {
    const { owner, slug } = await room({ settings: { askPersonalToken: true } });
    const before = stage.neighbours.verifications;
    expect(await refusal(owner.entry.requestEntry({ slug }))).toBe('PERSONAL_TOKEN_REQUIRED');
    expect(stage.neighbours.verifications).toBe(before);
    expect(await refusal(owner.entry.requestEntry({ slug, personalToken: 'cnv_wrong' }))).toBe('PERSONAL_TOKEN_WRONG');
    stage.neighbours.personalTokens.add('cnv_right');
    await owner.entry.requestEntry({ slug, personalToken: 'cnv_right' });
    expect((await owner.rooms.getDoor({ slug })).door).toMatchObject({
      needsPersonalToken: true,
      standing: rooms.Standing.OWNER,
    });
    const invited = await room({ accessLevel: rooms.AccessLevel.INVITED, settings: { askPersonalToken: true } });
    const asked = stage.neighbours.verifications;
    expect(await refusal(stage.person().entry.requestEntry({ slug: invited.slug, personalToken: 'cnv_right' }))).toBe(
      'NOT_INVITED',
    );
    expect(stage.neighbours.verifications).toBe(asked);
  });

  it('never admits more than the room holds, however many ask at once', async () => {
    const { owner, slug, roomId } = await room();
    await stage.sql.query('update room set capacity = 3 where id = $1', [roomId]);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => refusal(stage.person().entry.requestEntry({ slug }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'nothing was refused')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'ROOM_FULL')).toHaveLength(5);
    await owner.entry.requestEntry({ slug });
    expect((await stage.person().rooms.getDoor({ slug })).door).toMatchObject({ refusal: 'ROOM_FULL', name: 'Room' });
  });

  it('takes one place of the room for a session, however often it asks', async () => {
    const { slug, roomId } = await room();
    await stage.sql.query('update room set capacity = 2 where id = $1', [roomId]);
    const marta = stage.person();
    for (let i = 0; i < 5; i++) await marta.entry.requestEntry({ slug });
    const paul = stage.person();
    await paul.entry.requestEntry({ slug });
    expect(await refusal(stage.person().entry.requestEntry({ slug }))).toBe('ROOM_FULL');
    await paul.entry.requestEntry({ slug });
    await marta.entry.requestEntry({ slug });
  });

  it('of a room nobody knows is NOT_FOUND', async () => {
    for (const slug of ['lusab-babad-gutih-tugad', '00000000', 'a'.repeat(64)])
      expect(await refusal(stage.person().entry.requestEntry({ slug }))).toBe('NOT_FOUND');
  });
});

describe('join ids', () => {
  it('of admissions that hold in one room never begin alike: frames name their sender by it', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
    const slug = room?.slug ?? '';
    const first = await owner.entry.requestEntry({ slug });
    const begins = (beginning: string) => Buffer.from(beginning.padEnd(32, 'a'), 'hex');
    const taken = first.joinId.slice(0, 8);
    const draws = [begins(taken), begins('00000000'), begins('0000beef')];
    const bytes = jest
      .spyOn(stage.service.app.get(Ids, { strict: false }), 'bytes')
      .mockImplementation(() => draws.shift() ?? Buffer.alloc(16, 1));
    try {
      const second = await stage.person().entry.requestEntry({ slug });
      expect(second.joinId).toBe('0000beef'.padEnd(32, 'a'));
      expect(liveSender(second.joinId)).toBe(0xbeef);
    } finally {
      bytes.mockRestore();
    }
  });
});

describe('Leave', () => {
  it('is for one’s own admission; somebody else’s stays', async () => {
    const { slug } = await room();
    const marta = stage.person();
    const paul = stage.person();
    const { joinId, ticket } = await marta.entry.requestEntry({ slug });
    await paul.entry.leave({ slug, joinId });
    await marta.entry.authorizeMedia({ ticket });
    await marta.entry.leave({ slug, joinId });
    await marta.entry.leave({ slug, joinId });
    expect(await refusal(marta.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
  });
});

describe('AuthorizeMedia', () => {
  it('passes the person, the session and the room of the admission, and nobody else', async () => {
    const { slug, roomId } = await room();
    const marta = stage.person();
    const { joinId, ticket } = await marta.entry.requestEntry({ slug });
    expect(await marta.entry.authorizeMedia({ ticket })).toMatchObject({ joinId, roomId });
    expect(await refusal(stage.person().entry.confirmMedia({ joinId }))).toBe('ADMISSION_ENDED');
    expect(await refusal(stage.person().entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    const otherSession = stage.as(marta, { sessionId: stage.person().sessionId });
    expect(await refusal(otherSession.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    const personalToken = stage.as(marta, { sessionId: '' });
    expect(await refusal(personalToken.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    expect(await refusal(marta.entry.authorizeMedia({ ticket: `${ticket.slice(0, -4)}aaaa` }))).toBe('ADMISSION_ENDED');
    expect(await refusal(marta.entry.authorizeMedia({ ticket: marta.token }))).toBe('UNAUTHENTICATED');
  });

  it('gives the door a token for exactly this room, for a minute, of somebody whom nobody sees', async () => {
    const { slug, roomId } = await room();
    const guest = stage.person({ displayName: 'Paul', emailVerifiedBy: 'mail' });
    const before = Math.floor(Date.now() / 1000);
    const { joinId, ticket } = await guest.entry.requestEntry({ slug });
    const claims = decodeJwt((await guest.entry.authorizeMedia({ ticket })).mediaToken);
    const { rows } = await stage.sql.query('select id from media_room where room_id = $1', [roomId]);
    expect(rows).toHaveLength(1);
    expect(claims).toMatchObject({
      sub: joinId,
      name: 'Paul',
      attributes: { userId: guest.userId, role: 'participant', verified: 'true' },
      video: {
        room: rows[0].id,
        roomJoin: true,
        hidden: true,
        canPublish: false,
        canSubscribe: false,
        canPublishData: false,
      },
    });
    expect((claims.exp ?? 0) - (claims.nbf ?? 0)).toBeLessThanOrEqual(60);
    expect(claims.nbf).toBeGreaterThanOrEqual(before);
  });
});

describe('a credential that auth ended', () => {
  it('loses its admissions exactly once, also in two replicas', async () => {
    await stage.replica();
    const { slug, roomId } = await room();
    const marta = stage.person();
    const elsewhere = stage.as(marta, { sessionId: stage.person().sessionId });
    const lost = await marta.entry.requestEntry({ slug });
    const kept = await elsewhere.entry.requestEntry({ slug });
    stage.neighbours.authAnnounces({
      type: 'session.revoked',
      payload: { userId: marta.userId, sessionIds: [marta.sessionId] },
    });
    await eventually(async () =>
      expect(await refusal(marta.entry.authorizeMedia({ ticket: lost.ticket }))).toBe('ADMISSION_ENDED'),
    );
    await elsewhere.entry.authorizeMedia({ ticket: kept.ticket });
    const { rows } = await stage.sql.query<{ revoked_reason: string }>(
      `select revoked_reason from admission where room_id = $1 and revoked_at is not null`,
      [roomId],
    );
    expect(rows).toEqual([{ revoked_reason: 'session_ended' }]);
    // A principal token lives a minute longer than its session; the door does not.
    expect(await refusal(marta.entry.requestEntry({ slug }))).toBe('UNAUTHENTICATED');
  });

  it('takes its admissions along, and so does a personal token', async () => {
    const { slug } = await room();
    const marta = stage.person();
    const script = stage.as(marta, { sessionId: '' });
    const other = stage.as(marta, { sessionId: '' });
    const lost = await script.entry.requestEntry({ slug });
    const kept = await other.entry.requestEntry({ slug });
    const { userId, credentialId } = script;
    stage.neighbours.authAnnounces({ type: 'session.revoked', payload: { userId, sessionIds: [credentialId] } });
    await eventually(async () =>
      expect(await refusal(script.entry.authorizeMedia({ ticket: lost.ticket }))).toBe('ADMISSION_ENDED'),
    );
    await other.entry.authorizeMedia({ ticket: kept.ticket });
    expect(await refusal(script.entry.requestEntry({ slug }))).toBe('UNAUTHENTICATED');
  });

  it('is found without any hint, by the sweep of a service that was down', async () => {
    const { slug } = await room();
    const marta = stage.person();
    const { ticket } = await marta.entry.requestEntry({ slug });
    stage.neighbours.authAnnounces(
      { type: 'session.revoked', payload: { userId: marta.userId, sessionIds: [marta.sessionId] } },
      { hint: false },
    );
    await stage.replica();
    await eventually(async () => expect(await refusal(marta.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED'));
  });

  it('is not believed from a broadcast alone', async () => {
    const { slug } = await room();
    const marta = stage.person();
    const { ticket } = await marta.entry.requestEntry({ slug });
    const pulls = stage.neighbours.authPulls;
    stage.neighbours.authBus.publish(
      broadcasts.credentialRevoked,
      toBinary(
        common.SessionRevokedSchema,
        create(common.SessionRevokedSchema, { userId: marta.userId, sessionIds: [marta.sessionId] }),
      ),
    );
    // It was heard: auth was asked what really happened, and it was nothing.
    await eventually(async () => expect(stage.neighbours.authPulls).toBeGreaterThan(pulls));
    await marta.entry.authorizeMedia({ ticket });
  });
});
