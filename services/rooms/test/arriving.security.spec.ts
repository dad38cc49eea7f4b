import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectAs, join } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

async function meeting(): Promise<{ owner: Actor; slug: string }> {
  const owner = stage.person({ displayName: 'Host' });
  const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
  const slug = room?.slug ?? '';
  await join(stage, owner, slug);
  await eventually(() => owner.messages.postMessage({ slug, text: 'for those inside' }));
  return { owner, slug };
}

const typesOf = async (person: Actor, slug: string, after = 0n) =>
  (await person.events.listRoomEvents({ slug, after })).events.map(({ event }) => event.case);

describe('somebody who was let in and has not come', () => {
  it('hears nothing of those inside: no message, no name, no file, no number', async () => {
    const { owner, slug } = await meeting();
    const lurker = stage.person({ displayName: 'Lurker' });
    const { joinId } = await lurker.entry.requestEntry({ slug });
    await join(stage, stage.person({ displayName: 'Tom' }), slug);
    await owner.messages.postMessage({ slug, text: 'and another' });

    const heard = await lurker.events.listRoomEvents({ slug, after: 0n });
    expect(heard).toMatchObject({
      waiting: true,
      joinId,
      events: [],
      lastSeq: 0n,
      throughSeq: 0n,
      audiences: [],
      permissions: [],
    });
    expect(await refusal(lurker.messages.listMessages({ slug }))).toBe('NOT_PRESENT');
    expect((await owner.events.listRoomEvents({ slug, after: 0n })).events.length).toBeGreaterThan(2);
  });

  it('is seen by everybody as arriving, and as inside once they are', async () => {
    const { owner, slug } = await meeting();
    const guest = stage.person({ displayName: 'Guest' });
    const { joinId, ticket } = await guest.entry.requestEntry({ slug });
    const shown = async () =>
      (await owner.participants.listParticipants({ slug })).participants.map(({ displayName, state }) => [
        displayName,
        rooms.ParticipantState[state ?? 0],
      ]);
    expect(await shown()).toEqual([
      ['Host', 'INSIDE'],
      ['Guest', 'ARRIVING'],
    ]);
    await connectAs(stage, guest, { joinId, ticket });
    await eventually(async () =>
      expect(await shown()).toEqual([
        ['Host', 'INSIDE'],
        ['Guest', 'INSIDE'],
      ]),
    );
  });

  it('hears what is for them once they are in the meeting, from where they stood', async () => {
    const { owner, slug } = await meeting();
    const guest = stage.person();
    const { joinId, ticket } = await guest.entry.requestEntry({ slug });
    expect(await typesOf(guest, slug)).toEqual([]);
    await connectAs(stage, guest, { joinId, ticket });
    await eventually(async () => expect(await typesOf(guest, slug)).toEqual(await typesOf(owner, slug)));
    expect(await typesOf(guest, slug)).toContain('messageCreated');
  });

  it('hears nothing any more when the connection has gone for good, though the admission holds', async () => {
    const { owner, slug } = await meeting();
    const guest = stage.person();
    const { disconnect } = await join(stage, guest, slug);
    await eventually(async () => expect(await typesOf(guest, slug)).not.toEqual([]));
    await disconnect();
    await eventually(async () =>
      expect(await guest.events.listRoomEvents({ slug, after: 0n })).toMatchObject({ waiting: true }),
    );
    await owner.messages.postMessage({ slug, text: 'without them' });
    expect(await typesOf(guest, slug)).toEqual([]);
  });
});
