import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';
import { deliverWebhook, type Delivery } from './support/webhook.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

const deliver = (event: object, changes?: Delivery): Promise<number> => deliverWebhook(stage, event, changes);

async function admitted(): Promise<{ person: Actor; slug: string; roomId: string; joinId: string }> {
  const person = stage.person();
  const { room } = await person.rooms.createRoom({ name: 'Room', accessLevel: rooms.AccessLevel.ORGANISATION });
  const slug = room?.slug ?? '';
  const { joinId } = await person.entry.requestEntry({ slug });
  return { person, slug, roomId: room?.id ?? '', joinId };
}

const joined = (roomId: string, joinId: string, id = `EV_${Math.random()}`) => ({
  event: 'participant_joined',
  id,
  createdAt: String(Math.floor(Date.now() / 1000)),
  room: { name: roomId, sid: 'RM_1' },
  participant: { identity: joinId, sid: 'PA_1' },
});

/** How many are inside; who was let in and has not come yet is not. */
const participants = async (person: Actor, slug: string): Promise<number> => {
  const listed = await person.participants.listParticipants({ slug });
  return listed.participants.filter(({ state }) => state === rooms.ParticipantState.INSIDE).length;
};

describe('webhooks', () => {
  it.each<[string, Delivery]>([
    ['no signature', { authorization: null }],
    ['another key', { key: 'somebody', secret: 'a secret of at least thirty-two characters' }],
    ['another secret', { secret: 'a secret of at least thirty-two characters' }],
    ['an expired signature', { expired: true }],
    ['noise for a signature', { authorization: 'Bearer nonsense' }],
  ])('with %s have no effect', async (_fact, changes) => {
    const { person, slug, roomId, joinId } = await admitted();
    expect(await deliver(joined(roomId, joinId), changes)).toBe(401);
    expect(await participants(person, slug)).toBe(0);
  });

  it('with the key for calls instead of the one for webhooks have no effect', async () => {
    const { person, slug, roomId, joinId } = await admitted();
    const { apiKey, apiSecret } = stage.livekit;
    expect(await deliver(joined(roomId, joinId), { key: apiKey, secret: apiSecret })).toBe(401);
    expect(await participants(person, slug)).toBe(0);
  });

  it('with another body than the signed one have no effect', async () => {
    const { person, slug, roomId, joinId } = await admitted();
    const body = JSON.stringify(joined(roomId, joinId));
    expect(await deliver(joined('another', 'one'), { body })).toBe(401);
    expect(await participants(person, slug)).toBe(0);
  });

  it('count once, however often they come', async () => {
    const { person, slug, roomId, joinId } = await admitted();
    const event = joined(roomId, joinId);
    expect(await Promise.all(Array.from({ length: 5 }, () => deliver(event)))).toEqual([200, 200, 200, 200, 200]);
    expect(await participants(person, slug)).toBe(1);
    const { rows } = await stage.sql.query(
      `select type from room_event where room_id = $1 and type = 'participant.joined'`,
      [roomId],
    );
    expect(rows).toHaveLength(1);
    const left = { ...joined(roomId, joinId), event: 'participant_left' };
    expect(await deliver(left)).toBe(200);
    expect(await participants(person, slug)).toBe(0);
    expect(await deliver(event)).toBe(200);
    expect(await participants(person, slug)).toBe(0);
  });

  it('that come in the wrong order leave nobody inside', async () => {
    const { person, slug, roomId, joinId } = await admitted();
    await deliver({ ...joined(roomId, joinId), event: 'participant_left' });
    await deliver(joined(roomId, joinId));
    expect(await participants(person, slug)).toBe(0);
  });

  it('make nobody present: presence is asked at the media server', async () => {
    const { person, slug, roomId, joinId } = await admitted();
    await deliver(joined(roomId, joinId));
    await stage.sql.query(`update admission set last_active_at = null where join_id = $1`, [joinId]);
    await expect(stage.presence.provePresence({ roomSlug: slug, userId: person.userId })).rejects.toMatchObject({
      reason: 'NOT_PRESENT',
    });
  });

  it('about rooms and people nobody knows are answered and ignored', async () => {
    const { roomId } = await admitted();
    for (const event of [
      joined('not-a-room', 'x'),
      joined('00000000-0000-7000-8000-000000000000', 'x'),
      joined(roomId, 'nobody'),
      { event: 'egress_started', id: 'EV_x' },
      { event: 'room_finished', id: 'EV_y', room: { name: roomId } },
      {},
    ])
      expect(await deliver(event)).toBe(200);
  });

  it('that are too long or no POST are refused', async () => {
    expect(await deliver({}, { body: 'x'.repeat(100_000) }).catch(() => 413)).toBe(413);
    const response = await fetch(`http://127.0.0.1:${stage.config.WEBHOOK_PORT}/livekit`);
    expect(response.status).toBe(405);
    await eventually(async () => expect(await deliver({})).toBe(200));
  });
});
