import { broadcasts, fromBinary, roomEventJson, rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MediaServer, MediaServerUnreachable } from '../src/media/media-server.js';
import { ReconcileRoom } from '../src/meetings/reconcile-room.js';
import { Reconciler } from '../src/meetings/reconciler.js';
import { join } from './support/join.js';
import { presentWithoutMedia } from './support/present.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

async function openRoom(): Promise<{ owner: Actor; slug: string; roomId: string }> {
  const owner = stage.person({ displayName: 'Host' });
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  return { owner, slug: room?.slug ?? '', roomId: room?.id ?? '' };
}

const inside = (person: Actor, slug: string, count: number) =>
  eventually(async () => {
    const { participants } = await person.participants.listParticipants({ slug });
    if (participants.length !== count) throw new Error(`${participants.length} inside`);
    return participants;
  });

const wordsOf = (events: readonly rooms.RoomEvent[]) =>
  events.map((event) => {
    const json = roomEventJson(event);
    return { type: json?.type, ...json?.data };
  });

describe('a meeting', () => {
  it('tells who came and went, without a gap in the numbers, live and later', async () => {
    const { owner, slug, roomId } = await openRoom();
    const heard: rooms.RoomEvent[] = [];
    const subscription = stage.gateway.subscribe(broadcasts.room(roomId), (data) => {
      heard.push(fromBinary(rooms.RoomEventSchema, data));
    });
    const guest = stage.person({ displayName: 'Guest' });
    const host = await join(stage, owner, slug);
    await inside(owner, slug, 1);
    const visitor = await join(stage, guest, slug);
    const participants = await inside(owner, slug, 2);
    expect(participants).toMatchObject([
      { joinId: host.joinId, userId: owner.userId, displayName: 'Host', role: rooms.RoomRole.OWNER },
      { joinId: visitor.joinId, userId: guest.userId, displayName: 'Guest', role: rooms.RoomRole.PARTICIPANT },
    ]);
    await visitor.disconnect();
    await inside(owner, slug, 1);

    const log = await owner.events.listRoomEvents({ slug, after: 0n });
    expect(wordsOf(log.events)).toEqual([
      { type: 'meeting.started' },
      { type: 'participant.joined', joinId: host.joinId, userId: owner.userId, displayName: 'Host' },
      { type: 'participant.joined', joinId: visitor.joinId, userId: guest.userId, displayName: 'Guest' },
      { type: 'participant.left', joinId: visitor.joinId, userId: guest.userId, reason: 'left' },
    ]);
    expect(log.events.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n]);
    expect(log).toMatchObject({ lastSeq: 4n, roomId, joinId: host.joinId });
    await eventually(async () => expect(heard.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n]));
    expect((await owner.events.listRoomEvents({ slug, after: 2n, limit: 1 })).events.map(({ seq }) => seq)).toEqual([
      3n,
    ]);
    expect((await owner.events.listRoomEvents({ slug })).events).toEqual([]);
    expect(await refusal(stage.person().events.listRoomEvents({ slug }))).toBe('NOT_PRESENT');
    subscription.unsubscribe();
  });

  it('events of fifty messages at once have numbers without gaps', async () => {
    const { owner, slug } = await openRoom();
    await join(stage, owner, slug);
    await eventually(() => owner.messages.postMessage({ slug, text: 'first' }));
    await Promise.all(Array.from({ length: 49 }, (_, i) => owner.messages.postMessage({ slug, text: `number ${i}` })));
    const { events, lastSeq } = await owner.events.listRoomEvents({ slug, after: 0n, limit: 500 });
    expect(events.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: events.length }, (_, i) => i + 1));
    expect(lastSeq).toBe(BigInt(events.length));
    expect(wordsOf(events).filter(({ type }) => type === 'message.created')).toHaveLength(50);
  });

  it('hears of files through their feed, exactly once each', async () => {
    const { owner, slug, roomId } = await openRoom();
    await owner.entry.requestEntry({ slug });
    await presentWithoutMedia(stage, slug);
    stage.neighbours.filesAnnounces({
      type: 'file.available',
      payload: { roomId, fileId: 'f1', ownerId: owner.userId },
    });
    stage.neighbours.filesAnnounces({ type: 'file.deleted', payload: { roomId, fileId: 'f1' } });
    stage.neighbours.filesAnnounces({ type: 'file.renamed', payload: { roomId, fileId: 'f1' } });
    stage.neighbours.filesAnnounces({ type: 'file.deleted', payload: { roomId: 'nonsense', fileId: 'f1' } });
    await eventually(async () => {
      const { events } = await owner.events.listRoomEvents({ slug, after: 0n });
      expect(wordsOf(events)).toEqual([
        { type: 'file.available', fileId: 'f1', ownerId: owner.userId },
        { type: 'file.deleted', fileId: 'f1' },
      ]);
    });
  });
});

describe('MuteParticipant', () => {
  it('is for hosts and for people who are connected', async () => {
    const { owner, slug } = await openRoom();
    const guest = await join(stage, stage.person(), slug);
    await eventually(() => owner.rooms.getRoom({ slug }));
    await owner.participants.muteParticipant({ slug, joinId: guest.joinId });
    expect(await refusal(owner.participants.muteParticipant({ slug, joinId: '0'.repeat(32) }))).toBe('NOT_FOUND');
  });
});

describe('EndMeeting', () => {
  it('puts everybody out and closes the media room', async () => {
    const { owner, slug, roomId } = await openRoom();
    const guest = stage.person();
    const host = await join(stage, owner, slug);
    const visitor = await join(stage, guest, slug);
    await inside(owner, slug, 2);
    await owner.participants.endMeeting({ slug });
    for (const [person, { ticket }] of [
      [owner, host],
      [guest, visitor],
    ] as const) {
      expect(await refusal(person.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
      expect(await refusal(person.messages.listMessages({ slug }))).toBe('NOT_PRESENT');
    }
    await eventually(async () => expect(visitor.media.isConnected).toBe(false));
    expect((await owner.rooms.getRoom({ slug })).room?.meeting).toBeUndefined();
    const { rows } = await stage.sql.query<{ type: string }>(
      'select type from room_event where room_id = $1 order by seq',
      [roomId],
    );
    expect(rows.at(-1)?.type).toBe('meeting.ended');
    // The room stays: people may come again.
    await guest.entry.requestEntry({ slug });
  });
});

describe('the reconciler', () => {
  const roundLock = `hashtextextended('conclave.rooms.reconciler', 0)`;
  const reconcile = () => stage.service.app.get(Reconciler, { strict: false }).runOnce();
  // Rounds of its own would fall between what a spec does and what it looks at.
  beforeAll(() => stage.service.app.get(Reconciler, { strict: false }).beforeApplicationShutdown());

  it('finds people whose webhooks were lost, and people who are gone', async () => {
    const { owner, slug, roomId } = await openRoom();
    const { joinId } = await join(stage, owner, slug);
    await inside(owner, slug, 1);
    // Another replica is at it.
    await stage.sql.query(`select pg_advisory_lock(${roundLock})`);
    await stage.sql.query('delete from participation where join_id = $1', [joinId]);
    await inside(owner, slug, 0);
    expect(await reconcile()).toBe(false);
    await stage.sql.query(`select pg_advisory_unlock(${roundLock})`);
    await reconcile();
    await inside(owner, slug, 1);
    const ghost = await owner.entry.requestEntry({ slug });
    await stage.sql.query(
      `insert into participation (id, meeting_id, room_id, join_id, sid, user_id, joined_at, created_at, updated_at)
       select gen_random_uuid(), meeting_id, room_id, join_id, 'PA_ghost', user_id, now() - interval '1 minute', now(), now()
         from admission where join_id = $1`,
      [ghost.joinId],
    );
    await inside(owner, slug, 2);
    await reconcile();
    expect((await inside(owner, slug, 1))[0]?.joinId).toBe(joinId);
    expect(roomId).not.toBe('');
  });

  it('ends admissions that nobody uses, and the meeting with the last of them', async () => {
    const { owner, slug } = await openRoom();
    const { ticket, joinId } = await owner.entry.requestEntry({ slug });
    await reconcile();
    await owner.entry.authorizeMedia({ ticket });
    await stage.sql.query(
      `update admission set last_seen_at = now() - interval '3 minutes', created_at = now() - interval '3 minutes' where join_id = $1`,
      [joinId],
    );
    await reconcile();
    expect(await refusal(owner.entry.authorizeMedia({ ticket }))).toBe('ADMISSION_ENDED');
    const { rows } = await stage.sql.query(
      'select ended_at is not null as ended from meeting m join room r on r.id = m.room_id where r.slug = $1',
      [slug],
    );
    expect(rows).toEqual([{ ended: true }]);
  });

  it('ends nobody’s admission after a silence of the media server, whatever its first answers say', async () => {
    const { owner, slug, roomId } = await openRoom();
    const { joinId } = await join(stage, owner, slug);
    await inside(owner, slug, 1);
    const media = stage.service.app.get(MediaServer, { strict: false });
    const reconcileRoom = stage.service.app.get(ReconcileRoom, { strict: false });
    const answer = jest.spyOn(media, 'listParticipants');
    try {
      answer.mockRejectedValueOnce(new MediaServerUnreachable('silence'));
      await expect(reconcileRoom.execute(roomId)).rejects.toThrow('silence');
      // Longer than an unused admission lives, and nobody could be looked at.
      await stage.sql.query(
        `update admission set last_seen_at = now() - interval '3 minutes', created_at = now() - interval '3 minutes' where join_id = $1`,
        [joinId],
      );
      for (const wrong of [[], null]) {
        answer.mockResolvedValueOnce(wrong);
        expect(await reconcileRoom.execute(roomId)).toBe(0);
      }
    } finally {
      answer.mockRestore();
    }
    await reconcileRoom.execute(roomId);
    expect((await inside(owner, slug, 1))[0]?.joinId).toBe(joinId);
    const { events } = await owner.events.listRoomEvents({ slug, after: 0n });
    expect(wordsOf(events).map(({ type }) => type)).toEqual(['meeting.started', 'participant.joined']);
  });

  it('runs in one replica at a time', async () => {
    const other = await stage.sql.query(
      `select pg_try_advisory_lock(hashtextextended('conclave.rooms.reconciler', 0)) as held`,
    );
    expect(other.rows).toEqual([{ held: true }]);
    expect(await reconcile()).toBe(false);
    await stage.sql.query(`select pg_advisory_unlock_all()`);
    expect(await reconcile()).toBe(true);
  });

  it('finishes deletions that a crash left half done', async () => {
    const { owner, slug, roomId } = await openRoom();
    await owner.rooms.getRoom({ slug });
    await stage.sql.query('update room set deleted_at = now() where id = $1', [roomId]);
    const keys = await stage.database.connect('keys');
    await reconcile();
    expect((await keys.query('select 1 from message_key where room_id = $1', [roomId])).rowCount).toBe(0);
    expect(
      (await stage.sql.query('select 1 from room where id = $1 and shredded_at is not null', [roomId])).rowCount,
    ).toBe(1);
  });
});
