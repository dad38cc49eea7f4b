import { roomEventJson, rooms } from '@conclave/contracts';
import { RoomServiceClient } from 'livekit-server-sdk';
import { join } from './support/join.js';
import { eventually, openStage, type Stage } from './support/stage.js';

let stage: Stage;
let livekit: RoomServiceClient;
beforeAll(async () => {
  stage = await openStage();
  livekit = new RoomServiceClient(stage.livekit.url, stage.livekit.apiKey, stage.livekit.apiSecret);
}, 180_000);

describe('a new name of a person', () => {
  it('is read everywhere where the old one stood: in lists, in the meeting, at the media server, and people inside are told', async () => {
    const [owner, guest] = [stage.person(), stage.person()];
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
    const { slug = '', id: roomId = '' } = room ?? {};
    const inside = await join(stage, guest, slug);
    const { rows } = await stage.sql.query<{ id: string }>('select id from media_room where room_id = $1', [roomId]);
    const mediaRoomId = rows[0]?.id ?? '';
    await guest.messages.postMessage({ slug, text: 'hello' });
    const { lastSeq } = await guest.events.listRoomEvents({ slug });

    for (const [who, name] of [
      [guest, 'Tom Strand-Berg'],
      [owner, 'Aylin Yılmaz'],
    ] as const) {
      stage.neighbours.names.set(who.userId, name);
      stage.neighbours.authAnnounces({ type: 'account.renamed', payload: { userId: who.userId } });
    }

    await eventually(async () =>
      expect((await guest.rooms.getRoom({ slug })).room?.owner?.displayName).toBe('Aylin Yılmaz'),
    );
    const { participants } = await owner.participants.listParticipants({ slug });
    expect(participants).toMatchObject([{ userId: guest.userId, displayName: 'Tom Strand-Berg' }]);
    const { messages } = await guest.messages.listMessages({ slug });
    expect(messages[0]?.author?.displayName).toBe('Tom Strand-Berg');
    await eventually(async () =>
      expect(await livekit.getParticipant(mediaRoomId, inside.joinId)).toMatchObject({
        name: 'Tom Strand-Berg',
        permission: { canPublish: true, canSubscribe: true },
      }),
    );
    const told = await guest.events.listRoomEvents({ slug, after: lastSeq });
    expect(told.events.map((event) => roomEventJson(event)?.type)).toEqual(['room.updated', 'room.updated']);
  });

  it('that auth does not tell any more changes nothing', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Quiet', accessLevel: rooms.AccessLevel.INVITED });
    const before = room?.owner?.displayName;
    stage.neighbours.authAnnounces({ type: 'account.renamed', payload: { userId: owner.userId } });
    const last = stage.person();
    const { room: other } = await last.rooms.createRoom({ name: 'Next', accessLevel: rooms.AccessLevel.INVITED });
    stage.neighbours.names.set(last.userId, 'Lea Novak');
    stage.neighbours.authAnnounces({ type: 'account.renamed', payload: { userId: last.userId } });
    const nameIn = async (actor: typeof owner, slug = '') =>
      (await actor.rooms.getRoom({ slug })).room?.owner?.displayName;
    await eventually(async () => expect(await nameIn(last, other?.slug)).toBe('Lea Novak'));
    expect(await nameIn(owner, room?.slug)).toBe(before);
  });
});
