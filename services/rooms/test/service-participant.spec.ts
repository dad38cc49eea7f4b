import { AdmitService } from '../src/entry/admit-service.js';
import { Reconciler } from '../src/meetings/reconciler.js';
import { connectMedia, join } from './support/join.js';
import { eventually, openStage, refusal, type Stage } from './support/stage.js';

describe('a service participant', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 60_000);

  const provider = <T>(type: new (...parameters: never[]) => T): T => stage.service.app.get(type, { strict: false });
  const meetingOf = async (slug: string): Promise<string> => {
    const { rows } = await stage.sql.query('select id from room where slug = $1', [slug]);
    return String(rows[0]?.id);
  };

  it('is let in by rooms, named and seen by everybody, and is in no place of a person', async () => {
    const owner = stage.person({ displayName: 'Olga' });
    const { room } = await owner.rooms.createRoom({ name: 'Recorded', accessLevel: 1 });
    const slug = room!.slug;
    const roomId = await meetingOf(slug);
    expect(await provider(AdmitService).execute(roomId, 'recorder', 'Recorder')).toBeNull();

    await join(stage, owner, slug);
    await eventually(async () =>
      expect((await owner.participants.listParticipants({ slug })).participants).toHaveLength(1),
    );
    const admitted = await provider(AdmitService).execute(roomId, 'recorder', 'Recorder');
    const media = await connectMedia(stage, admitted!.mediaToken);
    expect(media.localParticipant!.attributes).toMatchObject({ service: 'recorder' });

    await eventually(async () => {
      const { participants } = await owner.participants.listParticipants({ slug });
      expect(
        participants.map(({ displayName, service, userId, can }) => ({ displayName, service, userId, can })),
      ).toEqual([
        { displayName: 'Olga', service: '', userId: owner.userId, can: [] },
        // It can be put out, and has no role to change.
        {
          displayName: 'Recorder',
          service: 'recorder',
          userId: '',
          can: ['participant.mute', 'participant.remove'],
        },
      ]);
    });
    expect(await stage.presence.provePresence({ roomId, service: 'recorder' })).toMatchObject({
      roomId,
      joinId: admitted!.joinId,
    });
    expect(await refusal(stage.presence.provePresence({ roomId, service: 'transcriber' }))).toBe('NOT_PRESENT');
    expect(await refusal(stage.presence.provePresence({ roomId, service: 'recorder', userId: owner.userId }))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await refusal(stage.presence.provePresence({ roomId }))).toBe('INVALID_ARGUMENT');

    await owner.participants.removeParticipant({ slug, joinId: admitted!.joinId });
    expect(await refusal(stage.presence.provePresence({ roomId, service: 'recorder' }))).toBe('NOT_PRESENT');
    await eventually(async () => expect(media.isConnected).toBe(false));
  });

  it('never keeps a meeting going that no person is in', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Left alone', accessLevel: 1 });
    const slug = room!.slug;
    const roomId = await meetingOf(slug);
    const { disconnect, joinId } = await join(stage, owner, slug);
    await eventually(async () =>
      expect((await owner.participants.listParticipants({ slug })).participants).toHaveLength(1),
    );
    const admitted = await provider(AdmitService).execute(roomId, 'transcriber', 'Transcriber');
    await connectMedia(stage, admitted!.mediaToken);
    await disconnect();
    await owner.entry.leave({ slug, joinId });

    await provider(Reconciler).runOnce();
    const { rows } = await stage.sql.query('select ended_at from meeting where room_id = $1', [roomId]);
    expect(rows.map((row) => row.ended_at !== null)).toEqual([true]);
    expect(await refusal(stage.presence.provePresence({ roomId, service: 'transcriber' }))).toBe('NOT_PRESENT');
  });
});
