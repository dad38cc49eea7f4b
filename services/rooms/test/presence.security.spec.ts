import { broadcasts, common, create, rooms, toBinary } from '@conclave/contracts';
import { createClient } from '@conclave/messaging';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { presenceCacheMs } from '../src/presence/presence-cache.js';
import { ProvePresence } from '../src/presence/prove-presence.js';
import { join } from './support/join.js';
import { openRoom } from './support/open-room.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

const prove = (person: Actor, roomId: string, sessionId = person.sessionId): Promise<string> =>
  refusal(stage.presence.provePresence({ roomId, userId: person.userId, sessionId }));
const present = 'nothing was refused';

/** Connections that webhooks told of and that have not ended. */
const openTabs = async (slug: string): Promise<number> =>
  (
    await stage.sql.query(
      'select 1 from participation p join room r on r.id = p.room_id where r.slug = $1 and p.left_at is null',
      [slug],
    )
  ).rows.length;

describe('presence', () => {
  it('is of one person, in one room, through one session', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    const other = await openRoom(stage);
    await join(stage, owner, slug);
    await eventually(async () => expect(await prove(owner, roomId)).toBe(present));
    expect(await prove(owner, other.roomId)).toBe('NOT_PRESENT');
    expect(await prove(other.owner, roomId)).toBe('NOT_PRESENT');
    expect(await prove(owner, roomId, stage.person().sessionId)).toBe('NOT_PRESENT');
    // A personal token stands for the person, whichever browser is in the meeting.
    expect(await prove(owner, roomId, '')).toBe(present);
    for (const question of [
      { roomId: 'nonsense', userId: owner.userId },
      { roomId, userId: "' or true --" },
      { roomSlug: '\u0000', userId: owner.userId },
    ])
      expect(await refusal(stage.presence.provePresence(question))).not.toBe(present);
    expect(await refusal(stage.presence.provePresence({ userId: owner.userId }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(stage.presence.provePresence({ roomId, roomSlug: slug, userId: owner.userId }))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('is proven to no credential that is over, though its person be inside by another', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    await join(stage, owner, slug);
    const { userId } = owner;
    const [script, other] = [stage.as(owner, { sessionId: '' }), stage.as(owner, { sessionId: '' })];
    const asked = ({ credentialId }: Actor) =>
      refusal(stage.presence.provePresence({ roomId, userId, sessionId: '', credentialId }));
    await eventually(async () => expect(await asked(script)).toBe(present));
    stage.neighbours.authAnnounces({
      type: 'session.revoked',
      payload: { userId, sessionIds: [script.credentialId] },
    });
    await eventually(async () => expect(await asked(script)).toBe('NOT_PRESENT'));
    expect(await asked(other)).toBe(present);
  });

  it('an admission without a connection is none', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    await owner.entry.requestEntry({ slug });
    expect(await prove(owner, roomId)).toBe('NOT_PRESENT');
  });

  it('ends with a closed tab, without anybody saying goodbye to us', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    const { disconnect } = await join(stage, owner, slug);
    await eventually(async () => expect(await prove(owner, roomId)).toBe(present));
    await disconnect();
    await eventually(async () => expect(await prove(owner, roomId)).toBe('NOT_PRESENT'), 5_000);
  });

  it('that was lost a moment ago counts for ten seconds, and not for eleven', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    const { joinId } = await owner.entry.requestEntry({ slug });
    await stage.sql.query(`update admission set last_active_at = now() - interval '8 seconds' where join_id = $1`, [
      joinId,
    ]);
    expect(await prove(owner, roomId)).toBe(present);
    await stage.sql.query(`update admission set last_active_at = now() - interval '11 seconds' where join_id = $1`, [
      joinId,
    ]);
    expect(await prove(owner, roomId)).toBe('NOT_PRESENT');
  });

  it('ends in every replica at once', async () => {
    const replica = await stage.replica();
    const inReplica = replica.app.get(ProvePresence, { strict: false });
    const { owner, slug } = await openRoom(stage);
    const guest = stage.person();
    await join(stage, owner, slug);
    const { joinId } = await join(stage, guest, slug);
    const { userId, sessionId, credentialId } = guest;
    const question = { room: { slug }, userId, sessionId, credentialId };
    await eventually(() => inReplica.prove(question));
    const inFirst = stage.service.app.get(ProvePresence, { strict: false });
    await inFirst.prove(question);
    await owner.participants.removeParticipant({ slug, joinId });
    expect(await refusal(inReplica.prove(question))).toBe('NOT_PRESENT');
    expect(await refusal(inFirst.prove(question))).toBe('NOT_PRESENT');
  });

  it('a clean leave that only one replica was told of ends it in the others, and leaves another tab alone', async () => {
    const replica = await stage.replica();
    const inReplica = replica.app.get(ProvePresence, { strict: false });
    const { owner, slug } = await openRoom(stage);
    const leaver = await join(stage, owner, slug);
    const { userId, sessionId, credentialId } = owner;
    const question = { room: { slug }, userId, sessionId, credentialId };
    await eventually(() => inReplica.prove(question));
    const second = await join(stage, owner, slug);
    await eventually(async () => expect(await openTabs(slug)).toBe(2));
    await leaver.disconnect();
    await eventually(async () => expect(await openTabs(slug)).toBe(1));
    expect(await inReplica.prove(question)).toMatchObject({ joinId: second.joinId });
    await second.disconnect();
    // The webhook went to the first replica alone; the second had heard "active" a moment ago.
    await eventually(async () => expect(await openTabs(slug)).toBe(0));
    expect(await refusal(inReplica.prove(question))).toBe('NOT_PRESENT');
  });

  it('a forged broadcast changes nothing that is true', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    await join(stage, owner, slug);
    await eventually(async () => expect(await prove(owner, roomId)).toBe(present));
    const forged = create(common.PresenceRevokedSchema, { roomId, joinIds: [], userIds: [owner.userId] });
    // The bus lets only rooms publish it; even with that right it is only a hint.
    stage.service.bus.publish(broadcasts.presenceRevoked, toBinary(common.PresenceRevokedSchema, forged));
    stage.service.bus.publish(broadcasts.presenceRevoked, new Uint8Array([255, 255, 255]));
    stage.gateway.publish(broadcasts.presenceRevoked, toBinary(common.PresenceRevokedSchema, forged));
    // What a connection sent before its ping, the bus has passed on; what was passed on before a pong has been handled.
    for (const bus of [stage.gateway, stage.service.bus]) await bus.ping();
    await stage.service.bus.ping();
    expect(await prove(owner, roomId)).toBe(present);
  });

  it('may be asked by files, and not by the gateway in a person’s name', async () => {
    const { owner, roomId } = await openRoom(stage);
    const asGateway = createClient(rooms.PresenceService, stage.gateway, { principal: owner.token, timeoutMs: 500 });
    expect(['UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain(
      await refusal(asGateway.provePresence({ roomId, userId: owner.userId })),
    );
  });

  it('is kept for the caller alone: the gateway asks with a principal, and names nobody', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    const guest = stage.person();
    const { joinId } = await join(stage, guest, slug);
    const kept = (person: Actor) =>
      createClient(rooms.PresenceService, stage.gateway, { principal: person.token }).keepPresence({ roomId });
    await eventually(async () => expect(await kept(guest)).toMatchObject({ joinId }));
    expect(await refusal(kept(owner))).toBe('NOT_PRESENT');
    expect(await refusal(kept(stage.as(guest, { sessionId: stage.person().sessionId })))).toBe('NOT_PRESENT');
    await owner.participants.removeParticipant({ slug, joinId });
    expect(await refusal(kept(guest))).toBe('NOT_PRESENT');
    const forged = { ...guest, token: `${guest.token.slice(0, -4)}AAAA` };
    expect(await refusal(kept(forged))).toBe('UNAUTHENTICATED');
  });

  // Last: the media server does not come back.
  it('without the media server nobody is present, and nobody is admitted', async () => {
    const { owner, slug, roomId } = await openRoom(stage);
    await join(stage, owner, slug);
    await eventually(async () => expect(await prove(owner, roomId)).toBe(present));
    const { ticket } = await owner.entry.requestEntry({ slug });
    await owner.entry.authorizeMedia({ ticket });
    await stage.livekit.stop();
    await stage.sql.query('update admission set last_active_at = now() where room_id = $1', [roomId]);
    // The longest that any replica believes an old answer.
    await new Promise((resolve) => setTimeout(resolve, presenceCacheMs));
    for (let i = 0; i < 6; i++) expect(await prove(owner, roomId)).toBe('NOT_PRESENT');
    expect(await refusal(owner.messages.listMessages({ slug }))).toBe('NOT_PRESENT');
    expect(await refusal(owner.entry.requestEntry({ slug }))).toBe('UNAVAILABLE');
    const { rows } = await stage.sql.query(
      `select 1 from admission where room_id = $1 and revoked_at is null and last_active_at is null`,
      [roomId],
    );
    expect(rows).toHaveLength(0);
    // Nor is anybody led to it who was admitted before: the first answer after a silence may move their room to another node.
    await eventually(async () => expect(await refusal(owner.entry.authorizeMedia({ ticket }))).toBe('UNAVAILABLE'));
    // What is deleted is deleted, though nobody could be told at the media server.
    await owner.rooms.deleteRoom({ slug });
    expect(await refusal(owner.rooms.getRoom({ slug }))).toBe('NOT_FOUND');
  });
});
