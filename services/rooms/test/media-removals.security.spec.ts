import { broadcasts, common, fromBinary, rooms } from '@conclave/contracts';
import { Metrics } from '@conclave/platform';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RoomServiceClient } from 'livekit-server-sdk';
import { LiveKitMediaServer } from '../src/adapters/livekit/livekit-media-server.js';
import { MediaServer } from '../src/media/media-server.js';
import { gateBefore, type Gate } from './support/gate.js';
import { join, type Connected } from './support/join.js';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';

/** The reconciler comes after 30 s at the earliest: whoever is out before that is out by the queue. */
const patienceMs = 25_000;

let stage: Stage;
let gate: Gate;
let livekit: RoomServiceClient;

beforeAll(async () => {
  stage = await openStage({ livekitUrl: async (url) => (gate = await gateBefore(url)).url });
  livekit = new RoomServiceClient(stage.livekit.url, stage.livekit.apiKey, stage.livekit.apiSecret);
}, 180_000);
beforeEach(async () => {
  gate.open();
  // A silence that lasted longer than is harmless, as on a busy machine, keeps everybody out for a while.
  const media = stage.service.app.get(MediaServer);
  if (!(media instanceof LiveKitMediaServer)) throw new Error('the stage has the real media server');
  await eventually(async () => {
    await media.look();
    expect(media.settled()).toBe(true);
  }, 60_000);
}, 90_000);

interface Meeting {
  readonly owner: Actor;
  readonly slug: string;
  readonly roomId: string;
  readonly guest: Actor & Connected;
}

async function meeting(): Promise<Meeting> {
  const owner = stage.person();
  const made = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  const { slug = '', id: roomId = '' } = made.room ?? {};
  await join(stage, owner, slug);
  const guest = stage.person();
  return { owner, slug, roomId, guest: { ...guest, ...(await join(stage, guest, slug)) } };
}

/** Who is in the media room, as the media server itself says. */
async function seen(roomId: string): Promise<string[]> {
  const { rows } = await stage.sql.query<{ id: string }>('select id from media_room where room_id = $1', [roomId]);
  const people = await livekit.listParticipants(rows[0]?.id ?? '').catch(() => []);
  return people.map(({ identity }) => identity);
}

const out = ({ roomId, guest }: Meeting) =>
  eventually(async () => expect(await seen(roomId)).not.toContain(guest.joinId), patienceMs);
const standing = async () => (await stage.sql.query('select join_id from media_removal')).rows.length;
const nothingStands = () => eventually(async () => expect(await standing()).toBe(0), patienceMs);

const ways: [string, (meeting: Meeting) => Promise<unknown>][] = [
  ['a kick', ({ owner, slug, guest: { joinId } }) => owner.participants.removeParticipant({ slug, joinId })],
  ['leaving', ({ guest, slug }) => guest.entry.leave({ slug, joinId: guest.joinId })],
  ['the end for all', ({ owner, slug }) => owner.participants.endMeeting({ slug })],
  ['deleting the room', ({ owner, slug }) => owner.rooms.deleteRoom({ slug })],
];

describe('the second half of a revocation', () => {
  it.each(ways)(
    'by %s comes as soon as the media server can be reached again',
    async (_name, revoke) => {
      const inside = await meeting();
      await nothingStands();
      gate.close();
      await revoke(inside);
      // It is written down, and could not be carried out.
      await eventually(async () => {
        const { rows } = await stage.sql.query('select 1 from media_removal where attempts > 1');
        expect(rows.length).toBeGreaterThan(0);
      }, patienceMs);
      expect(await seen(inside.roomId)).toContain(inside.guest.joinId);
      expect(await stage.service.app.get(Metrics).text()).toMatch(/rooms_media_removals_waiting [1-9]/);
      gate.open();
      await out(inside);
      await nothingStands();
    },
    60_000,
  );

  it('tells gateways and files too where whoever revoked died before it could', async () => {
    const { owner, slug, roomId, guest } = await meeting();
    const heard: common.PresenceRevoked[] = [];
    stage.gateway.subscribe(broadcasts.presenceRevoked, (data) => {
      const revoked = fromBinary(common.PresenceRevokedSchema, data);
      if (revoked.roomId === roomId) heard.push(revoked);
    });
    await stage.gateway.ping();
    // What stands in the database when a process is killed right after its commit.
    await stage.sql.query(
      `with ended as (update admission set revoked_at = now(), revoked_reason = 'removed' where join_id = $1
                      returning join_id, room_id, media_room_id, user_id, revoked_reason)
       insert into media_removal (media_room_id, join_id, room_id, user_id, reason, due_at, created_at, updated_at)
         select media_room_id, join_id, room_id, user_id, revoked_reason, now(), now(), now() from ended`,
      [guest.joinId],
    );
    await out({ owner, slug, roomId, guest });
    expect(heard).toMatchObject([{ joinIds: [guest.joinId], reason: common.StayEnd.REMOVED }]);
  });

  it('never closes the media room of people who came in since', async () => {
    const inside = await meeting();
    await inside.owner.participants.endMeeting({ slug: inside.slug });
    await nothingStands();
    const back = await join(stage, stage.person(), inside.slug);
    // The end of the meeting before, told late.
    await stage.sql.query(
      `insert into media_removal (media_room_id, join_id, room_id, due_at, created_at, updated_at)
         select id, '', room_id, now(), now(), now() from media_room where room_id = $1`,
      [inside.roomId],
    );
    await nothingStands();
    expect(await seen(inside.roomId)).toContain(back.joinId);
  });

  // Last: after a silence as long as this one nobody may come in for a while.
  it('is done by another replica where the one that revoked cannot, as by a restart', async () => {
    const inside = await meeting();
    await nothingStands();
    gate.close();
    await inside.owner.participants.removeParticipant({ slug: inside.slug, joinId: inside.guest.joinId });
    await stage.replica({ LIVEKIT_URL: stage.livekit.url });
    await out(inside);
    await nothingStands();
  });
});
