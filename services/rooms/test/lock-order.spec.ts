import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from './support/join.js';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';
import { deliverWebhook } from './support/webhook.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

interface Inside {
  readonly person: Actor;
  readonly slug: string;
  readonly roomId: string;
  readonly joinId: string;
  readonly sid: string;
}

async function inside(): Promise<Inside> {
  const person = stage.person();
  const { room } = await person.rooms.createRoom({ name: 'Room', accessLevel: rooms.AccessLevel.ORGANISATION });
  const { id: roomId = '', slug = '' } = room ?? {};
  const { joinId } = await join(stage, person, slug);
  const sid = await eventually(async () => {
    const { rows } = await stage.sql.query<{ sid: string }>('select sid from participation where join_id = $1', [
      joinId,
    ]);
    if (!rows[0]) throw new Error('not noted yet');
    return rows[0].sid;
  });
  return { person, slug, roomId, joinId, sid };
}

/** What another replica does meanwhile: locks the room, and writes about those inside once the call waits for it. */
async function whileLocked({ roomId, joinId }: Inside, call: () => Promise<unknown>): Promise<void> {
  await stage.sql.query('begin');
  try {
    await stage.sql.query('select 1 from room where id = $1 for update', [roomId]);
    const answer = call();
    answer.catch(() => undefined);
    await eventually(async () => {
      const { rowCount } = await stage.sql.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    await stage.sql.query('update participation set updated_at = now() where join_id = $1', [joinId]);
    await stage.sql.query('update admission set updated_at = now() where join_id = $1', [joinId]);
    await stage.sql.query('commit');
    await answer;
  } catch (error) {
    await stage.sql.query('rollback');
    throw error;
  }
}

describe('whoever writes about a meeting locks its room first, so that nobody waits in a circle:', () => {
  it.each<[string, (inside: Inside) => Promise<unknown>]>([
    ['a message', ({ person, slug }) => person.messages.postMessage({ slug, text: 'hello' })],
    ['leaving', ({ person, slug, joinId }) => person.entry.leave({ slug, joinId })],
    [
      'a connection that ended',
      async ({ roomId, joinId, sid }) => {
        const event = {
          event: 'participant_left',
          id: `EV_${Math.random()}`,
          createdAt: String(Math.floor(Date.now() / 1000)),
          room: { name: roomId, sid: 'RM_1' },
          participant: { identity: joinId, sid },
        };
        expect(await deliverWebhook(stage, event)).toBe(200);
      },
    ],
  ])('%s', async (_what, call) => {
    const somebody = await inside();
    await eventually(() => somebody.person.messages.listMessages({ slug: somebody.slug }));
    await whileLocked(somebody, () => call(somebody));
  });
});
