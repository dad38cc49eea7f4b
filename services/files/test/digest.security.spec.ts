import { createHash, randomBytes } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { remainsOf, until } from './support/remains.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the digest of a file', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld();
  }, 120_000);

  /** Asks until it is made. */
  const digestOf = (person: TestPerson, slug: string, fileId: string) =>
    until(
      async () => (await world.as(person).getDigest({ slug, fileId })).sha256,
      (digest) => digest !== '',
    );
  const shared = async (size: number) => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const body = randomBytes(size);
    return { room, person, body, fileId: await world.share(person, room.slug, body) };
  };
  const shown = async (person: TestPerson, slug: string, fileId: string) => [
    (await world.as(person).getFile({ slug, fileId })).file?.sha256,
    (await world.as(person).listFiles({ slug })).files.find(({ id }) => id === fileId)?.sha256,
  ];

  it.each([0, 65_536, 9_000_001])('of %i bytes is made when it is asked for, and shown from then on', async (size) => {
    const { room, person, body, fileId } = await shared(size);
    expect(await shown(person, room.slug, fileId)).toEqual(['', '']);
    const expected = sha256(body);
    const asked = await Promise.all([1, 2, 3].map(() => digestOf(person, room.slug, fileId)));
    expect(asked).toEqual([expected, expected, expected]);
    expect(await shown(person, room.slug, fileId)).toEqual([expected, expected]);
  });

  it('is in no column in the clear, and opens in no other row', async () => {
    const { room, person, body, fileId } = await shared(1_000);
    const other = await world.share(person, room.slug, randomBytes(10));
    await digestOf(person, room.slug, fileId);
    const db = await world.database.connect('superuser');
    const { rows } = await db.query<{ row: string }>('select f::text as row from file f where id = $1', [fileId]);
    expect(rows[0]?.row).not.toContain(sha256(body));
    await db.query('update file set sealed_digest = (select sealed_digest from file where id = $1) where id = $2', [
      fileId,
      other,
    ]);
    const refused = { reason: 'FILE_INTEGRITY' };
    await expect(world.as(person).getFile({ slug: room.slug, fileId: other })).rejects.toMatchObject(refused);
    await expect(world.as(person).getDigest({ slug: room.slug, fileId: other })).rejects.toMatchObject(refused);
  });

  it('of an object that was changed is FILE_INTEGRITY, and nothing is kept', async () => {
    const { room, person, fileId } = await shared(100_000);
    const { objects } = await remainsOf(world, room.id);
    const { root, bucket } = world.bucket;
    const parts: Buffer[] = [];
    for await (const part of await root.getObject(bucket, objects[0] ?? '')) parts.push(part as Buffer);
    const object = Buffer.concat(parts);
    object[object.length - 1]! ^= 1;
    await root.putObject(bucket, objects[0] ?? '', object);
    await expect(world.as(person).getDigest({ slug: room.slug, fileId })).rejects.toMatchObject({
      reason: 'FILE_INTEGRITY',
    });
    expect(await shown(person, room.slug, fileId)).toEqual(['', '']);
  });

  it('is not said to somebody who is not in the room, of a file of another room, or of one that is not whole', async () => {
    const { room, person, fileId } = await shared(10);
    const outside = world.principals.person();
    await expect(world.as(outside).getDigest({ slug: room.slug, fileId })).rejects.toMatchObject({
      reason: 'NOT_PRESENT',
    });
    const elsewhere = world.rooms.room();
    const neighbour = world.inside(elsewhere);
    await expect(world.as(neighbour).getDigest({ slug: elsewhere.slug, fileId })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
    const begun = await world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size: 10n });
    await expect(world.as(person).getDigest({ slug: room.slug, fileId: begun.fileId })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
  });
});
