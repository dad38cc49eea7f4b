import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { reasonOf } from './support/data-client.js';

const mebibyte = 1024 * 1024;

/** Reads slowly until the end or the cut; tells which, and how many bytes came after `then`. */
async function readSlowly(
  response: IncomingMessage,
  afterBytes: number,
  then: () => void,
): Promise<{ bytes: number; cut: boolean; since: number }> {
  let bytes = 0;
  let toldAt: number | undefined;
  const outcome = (cut: boolean) => ({ bytes, cut, since: bytes - (toldAt ?? bytes) });
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > afterBytes && toldAt === undefined) {
        toldAt = bytes;
        then();
      }
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    return outcome(false);
  } catch {
    return outcome(true);
  }
}

describe('files are closed to who is not in the meeting', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld();
  }, 120_000);

  it('every method says NOT_PRESENT to an outsider, to one who left, and to another session of somebody inside', async () => {
    const room = world.rooms.room();
    const owner = world.inside(room, 'owner');
    const left = world.inside(room);
    const fileId = await world.share(owner, room.slug, randomBytes(10));
    world.rooms.leave(room.id, left.userId, false);
    const otherSession = world.principals.person({ userId: owner.userId });
    for (const person of [world.principals.person(), left, otherSession]) {
      const client = world.as(person);
      const { slug } = room;
      for (const call of [
        client.startUpload({ slug, name: 'a', type: '', size: 1n }),
        client.listFiles({ slug }),
        client.getFile({ slug, fileId }),
        client.openContent({ slug, fileId }),
        client.deleteFile({ slug, fileId }),
      ])
        await expect(call).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    }
  });

  it("another room's file is as unknown as one that never was", async () => {
    const [mine, theirs] = [world.rooms.room(), world.rooms.room()];
    const owner = world.inside(theirs, 'owner');
    const fileId = await world.share(owner, theirs.slug, randomBytes(10));
    const stranger = world.inside(mine, 'owner');
    for (const id of [fileId, '01923000-0000-7000-8000-000000000001']) {
      const request = { slug: mine.slug, fileId: id };
      await expect(world.as(stranger).getFile(request)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
      await expect(world.as(stranger).openContent(request)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
      await expect(world.as(stranger).deleteFile(request)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    }
    expect((await world.as(stranger).listFiles({ slug: mine.slug })).files).toEqual([]);
  });

  it('somebody without a principal token, or with a forged one, reaches nothing', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const forged = { ...person, token: `${person.token.slice(0, -4)}AAAA` };
    await expect(world.as({ ...person, token: '' }).listFiles({ slug: room.slug })).rejects.toMatchObject({
      reason: 'UNAUTHENTICATED',
    });
    await expect(world.as(forged).listFiles({ slug: room.slug })).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('a hop token in hand opens nothing once its person has left', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(10));
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    world.rooms.leave(room.id, person.userId, false);
    expect(reasonOf(await world.data.get(fileId, hopToken))).toBe('NOT_PRESENT');
  });

  it.each([
    ['told by a broadcast', true],
    ['found out by the next proof', false],
  ])(
    'a running download is cut (%s)',
    async (_, tell) => {
      const room = world.rooms.room();
      const person = world.inside(room);
      const body = randomBytes(48 * mebibyte);
      const fileId = await world.share(person, room.slug, body);
      const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
      const response = await world.data.open(fileId, hopToken);
      const { cut, since } = await readSlowly(response, 4 * mebibyte, () =>
        world.rooms.leave(room.id, person.userId, tell),
      );
      expect(cut).toBe(true);
      // One proof covers a MiB; the rest was on its way already, in buffers of the two sockets. How soon: presence-watch.spec.ts.
      expect(since).toBeLessThan(16 * mebibyte);
    },
    60_000,
  );

  it('a download that stands still is cut as well', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(40 * mebibyte));
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    const response = await world.data.open(fileId, hopToken);
    await new Promise((resolve) => setTimeout(resolve, 500));
    world.rooms.leave(room.id, person.userId, true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { bytes, cut } = await readSlowly(response, Infinity, () => undefined);
    expect([cut, bytes < 40 * mebibyte]).toEqual([true, true]);
  }, 60_000);

  it("another person's leaving cuts nobody else", async () => {
    const room = world.rooms.room();
    const [person, other] = [world.inside(room), world.inside(room)];
    const body = randomBytes(20 * mebibyte);
    const fileId = await world.share(person, room.slug, body);
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    const response = await world.data.open(fileId, hopToken);
    const { bytes, cut } = await readSlowly(response, mebibyte, () => world.rooms.leave(room.id, other.userId, true));
    expect([cut, bytes]).toEqual([false, body.length]);
  }, 60_000);

  it('without an answer from rooms nothing opens, and what runs is cut', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const fileId = await world.share(person, room.slug, randomBytes(48 * mebibyte));
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    const response = await world.data.open(fileId, hopToken);
    const { cut } = await readSlowly(response, 2 * mebibyte, () => (world.rooms.silent = true));
    expect(cut).toBe(true);
    await expect(world.as(person).listFiles({ slug: room.slug }, { timeoutMs: 1_000 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
    expect(['DEADLINE_EXCEEDED', 'UNAUTHENTICATED']).toContain(reasonOf(await world.data.get(fileId, hopToken)));
    world.rooms.silent = false;
  }, 60_000);
});
