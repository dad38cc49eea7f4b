import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { presentWithoutMedia } from './support/present.js';
import { openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

const { WAITING, ADMITTED, DENIED, EXPIRED, CANCELLED } = rooms.EntryRequestState;
const inside = 'nothing was refused';

/** An open room where newcomers wait. */
async function closedDoor(): Promise<{ owner: Actor; slug: string }> {
  const owner = stage.person();
  const { room } = await owner.rooms.createRoom({ name: 'Waiting', accessLevel: rooms.AccessLevel.ORGANISATION });
  const slug = room?.slug ?? '';
  await owner.lobby.setNewcomersWait({ slug, wait: true });
  return { owner, slug };
}

const enters = (person: Actor, slug: string): Promise<string> => refusal(person.entry.requestEntry({ slug }));
const stateOf = async (person: Actor, slug: string) => (await person.lobby.getOwnRequest({ slug })).state;

/** Somebody who waits, with their request as hosts see it. */
async function knock(owner: Actor, slug: string, facts: Partial<Actor> = {}) {
  const person = stage.person(facts);
  expect(await enters(person, slug)).toBe('WAITING_FOR_HOST');
  const { waiting } = await owner.lobby.listWaiting({ slug });
  const seen = waiting.find(({ userId }) => userId === person.userId);
  return { person, seen, requestId: seen?.requestId ?? '' };
}

describe('somebody who waits', () => {
  it('is seen by hosts with name and whether the address is proven, once however often they ask', async () => {
    const { owner, slug } = await closedDoor();
    const anna = await knock(owner, slug, { displayName: 'Anna', emailVerifiedBy: 'mail' });
    const ben = await knock(owner, slug, { displayName: 'Ben', emailVerifiedBy: null });
    for (let i = 0; i < 5; i++) expect(await enters(anna.person, slug)).toBe('WAITING_FOR_HOST');
    expect((await owner.lobby.listWaiting({ slug })).waiting).toMatchObject([
      { displayName: 'Anna', verified: true, userId: anna.person.userId },
      { displayName: 'Ben', verified: false, userId: ben.person.userId },
    ]);
  });

  it('is let in by a host and enters once; from then on they belong', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    expect(await stateOf(person, slug)).toBe(WAITING);
    await owner.lobby.admitWaiting({ slug, requestId });
    expect(await stateOf(person, slug)).toBe(ADMITTED);
    expect(await enters(person, slug)).toBe(inside);
    expect((await owner.lobby.listWaiting({ slug })).waiting).toEqual([]);
    expect(await enters(person, slug)).toBe(inside);
    const { rows } = await stage.sql.query('select used_at from entry_request where id = $1', [requestId]);
    expect(rows[0]?.used_at).not.toBeNull();
  });

  it('is not let in a second time by the same word, once they do not belong any more', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    await owner.lobby.admitWaiting({ slug, requestId });
    expect(await enters(person, slug)).toBe(inside);
    await stage.sql.query(`update room_member set status = 'ended' where user_id = $1`, [person.userId]);
    expect(await enters(person, slug)).toBe('WAITING_FOR_HOST');
  });

  it('is told no, stays out for a while, and may then ask again', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    await owner.lobby.denyWaiting({ slug, requestId });
    expect(await stateOf(person, slug)).toBe(DENIED);
    expect(await enters(person, slug)).toBe('ENTRY_DENIED');
    await stage.sql.query(`update entry_request set decided_at = decided_at - interval '6 minutes' where id = $1`, [
      requestId,
    ]);
    expect(await enters(person, slug)).toBe('WAITING_FOR_HOST');
  });

  it('goes away again, and nobody can let them in then', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    await person.lobby.cancelRequest({ slug });
    expect(await stateOf(person, slug)).toBe(CANCELLED);
    expect((await owner.lobby.listWaiting({ slug })).waiting).toEqual([]);
    expect(await refusal(owner.lobby.admitWaiting({ slug, requestId }))).toBe('CONFLICT');
  });

  it('waits ten minutes for an answer, not longer; and hosts see nobody who has closed the page', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    const gone = await knock(owner, slug);
    await stage.sql.query(`update entry_request set seen_at = seen_at - interval '2 minutes' where id = $1`, [
      gone.requestId,
    ]);
    expect((await owner.lobby.listWaiting({ slug })).waiting).toMatchObject([{ userId: person.userId }]);
    // Asking shows that somebody is there after all.
    expect(await stateOf(gone.person, slug)).toBe(WAITING);
    expect((await owner.lobby.listWaiting({ slug })).waiting).toHaveLength(2);
    await stage.sql.query(`update entry_request set expires_at = now() where id = $1`, [requestId]);
    expect(await stateOf(person, slug)).toBe(EXPIRED);
    expect(await refusal(owner.lobby.admitWaiting({ slug, requestId }))).toBe('CONFLICT');
    expect(await enters(person, slug)).toBe('WAITING_FOR_HOST');
  });

  it('whom a host let in comes within ten minutes or asks again', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    await owner.lobby.admitWaiting({ slug, requestId });
    await stage.sql.query(`update entry_request set expires_at = now() where id = $1`, [requestId]);
    expect(await enters(person, slug)).toBe('WAITING_FOR_HOST');
  });
});

describe('one decision', () => {
  it('wins of many at the same moment, and the others are told', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug);
    const words = Array.from({ length: 10 }, (_, i) =>
      refusal(i % 2 ? owner.lobby.admitWaiting({ slug, requestId }) : owner.lobby.denyWaiting({ slug, requestId })),
    );
    const answers = await Promise.all(words);
    const won = answers.flatMap((answer, i) => (answer === inside ? [i % 2] : []));
    expect(new Set(won).size).toBe(1);
    expect(answers.filter((answer) => answer !== inside)).toEqual(Array(10 - won.length).fill('CONFLICT'));
    expect(await enters(person, slug)).toBe(won[0] ? inside : 'ENTRY_DENIED');
  });
});

describe('limits', () => {
  it('one person does not call hosts to the door again and again', async () => {
    const { owner, slug } = await closedDoor();
    const person = stage.person();
    const answers: string[] = [];
    for (let i = 0; i < 4; i++) {
      answers.push(await enters(person, slug));
      await person.lobby.cancelRequest({ slug });
    }
    expect(answers).toEqual([...Array<string>(3).fill('WAITING_FOR_HOST'), 'RATE_LIMITED']);
    expect((await owner.lobby.listWaiting({ slug })).waiting).toEqual([]);
  });

  it('a crowd fills the lobby and no more; who goes makes room', async () => {
    const { owner, slug } = await closedDoor();
    const comes = (): Promise<string> =>
      // On a machine that does much else whoever comes last waits for the room's lock longer than a caller would.
      refusal(stage.person().entry.requestEntry({ slug }, { timeoutMs: 25_000 }));
    const crowd: string[] = [];
    for (let i = 0; i < 48; i++) crowd.push(await comes());
    // The last places are taken by whoever is first, however many come at once.
    crowd.push(...(await Promise.all(Array.from({ length: 4 }, comes))));
    expect(crowd.filter((answer) => answer === 'WAITING_FOR_HOST')).toHaveLength(50);
    expect(crowd.filter((answer) => answer === 'LOBBY_FULL')).toHaveLength(2);
    const { waiting } = await owner.lobby.listWaiting({ slug });
    expect(waiting).toHaveLength(50);
    await owner.lobby.denyWaiting({ slug, requestId: waiting[0]?.requestId ?? '' });
    expect(await enters(stage.person(), slug)).toBe('WAITING_FOR_HOST');
  });
});

describe('the log', () => {
  it('tells hosts who came to the door, those who wait that it changed, and the trail who decided', async () => {
    const { owner, slug } = await closedDoor();
    const { person, requestId } = await knock(owner, slug, { displayName: 'Anna' });
    await owner.lobby.admitWaiting({ slug, requestId });
    await owner.entry.requestEntry({ slug });
    await presentWithoutMedia(stage, slug);
    const { events } = await owner.events.listRoomEvents({ slug, after: 0n });
    expect(events.map(({ event }) => event.case)).toContain('lobbyEntered');
    expect(events.find(({ event }) => event.case === 'lobbyEntered')?.event.value).toMatchObject({
      userId: person.userId,
      displayName: 'Anna',
    });
    // Those who wait hear this one, and nobody inside.
    expect(events.map(({ event }) => event.case)).not.toContain('doorChanged');
    const { rows } = await stage.sql.query<{ action: string }>(
      `select action from audit where detail ->> 'requestId' = $1 order by seq`,
      [requestId],
    );
    expect(rows.map(({ action }) => action)).toEqual(['lobby.asked', 'lobby.admitted']);
  });
});

describe('the wrong person', () => {
  it('neither sees who waits nor decides, and learns nothing of the request of somebody else', async () => {
    const { owner, slug } = await closedDoor();
    const { requestId } = await knock(owner, slug);
    const [member, stranger] = [stage.person(), stage.person()];
    await owner.invitations.createInvitation({ slug, email: member.email });
    const { waiting } = await owner.lobby.listWaiting({ slug });
    expect(waiting).toHaveLength(1);
    const link = await owner.invitations.createInvitation({ slug });
    await member.invitations.acceptInvitation({ token: link.link.split('#')[1] ?? '' });
    for (const [person, reason] of [
      [member, 'PERMISSION_DENIED'],
      [stranger, 'NOT_FOUND'],
    ] as const) {
      expect(await refusal(person.lobby.listWaiting({ slug }))).toBe(reason);
      expect(await refusal(person.lobby.admitWaiting({ slug, requestId }))).toBe(reason);
      expect(await refusal(person.lobby.denyWaiting({ slug, requestId }))).toBe(reason);
      expect(await refusal(person.lobby.setNewcomersWait({ slug, wait: false }))).toBe(reason);
    }
    expect(await refusal(stranger.lobby.getOwnRequest({ slug }))).toBe('NOT_FOUND');
    await stranger.lobby.cancelRequest({ slug });
    expect((await owner.lobby.listWaiting({ slug })).waiting).toHaveLength(1);
  });

  it('a host of another room does not decide here', async () => {
    const { owner, slug } = await closedDoor();
    const other = await closedDoor();
    const { requestId } = await knock(owner, slug);
    expect(await refusal(other.owner.lobby.admitWaiting({ slug: other.slug, requestId }))).toBe('NOT_FOUND');
  });
});
