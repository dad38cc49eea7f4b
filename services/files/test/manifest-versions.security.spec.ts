import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { TestPerson } from '@conclave/messaging/testing';
import { reasonOf, type DataClient } from './support/data-client.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';

/** What a row says of its object. */
interface Row {
  readonly object_key: string;
  readonly manifest_version: number;
  readonly sha256: Buffer | null;
  readonly object_sha256: Buffer | null;
  readonly tag_root: Buffer | null;
  readonly object_crc32: string | null;
}

const body = randomBytes(200_000);
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

describe('the two versions of a manifest', () => {
  let world: FilesWorld;
  let before: DataClient;
  let room: { id: string; slug: string };
  let person: TestPerson;
  beforeAll(async () => {
    world = await filesWorld();
    room = world.rooms.room();
    person = world.inside(room);
    ({ data: before } = await world.boot({ config: { SEALED_MANIFEST: '1' } }));
  }, 120_000);

  const shared = async (data: DataClient): Promise<string> => {
    const request = { slug: room.slug, name: 'a', type: '', size: BigInt(body.length) };
    const { fileId, hopToken } = await world.as(person).startUpload(request);
    expect((await data.put(fileId, hopToken, body)).status).toBe(201);
    return fileId;
  };
  const query = async <R extends object>(sql: string, values: unknown[]): Promise<R[]> => {
    const db = await world.database.connect('superuser');
    return (await db.query<R>(sql, values)).rows;
  };
  const rowOf = async (fileId: string): Promise<Row> =>
    (await query<Row>('select * from file where id = $1', [fileId]))[0]!;
  const objectOf = async ({ object_key: key }: Row): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of await world.bucket.root.getObject(world.bucket.bucket, key)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  };
  const read = async (fileId: string, data = world.data) => {
    const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
    return data.get(fileId, hopToken);
  };
  const failures = async (): Promise<number> => {
    const { host, port } = world.service.internal;
    const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
    return Number(/^files_integrity_failures_total (\d+)$/m.exec(text)?.[1]);
  };

  it('are both written and read by either, and both bind their object', async () => {
    const [one, two] = [await shared(before), await shared(world.data)];
    const [first, second] = [await rowOf(one), await rowOf(two)];
    const object = await objectOf(first);
    expect(first).toMatchObject({ manifest_version: 1, tag_root: null, sha256: null, object_sha256: sha256(object) });
    expect(second).toMatchObject({ manifest_version: 2, object_sha256: null, sha256: null });
    expect(Number(first.object_crc32)).toBe(crc32(object));
    expect(Number(second.object_crc32)).toBe(crc32(await objectOf(second)));
    for (const fileId of [one, two])
      for (const data of [world.data, before]) expect((await read(fileId, data)).body.equals(body)).toBe(true);
  });

  it('never pass for each other, whatever the row is made to say', async () => {
    const [one, two] = [await shared(before), await shared(world.data)];
    const [first, second] = [await rowOf(one), await rowOf(two)];
    const lies: [string, string, unknown[]][] = [
      [one, 'manifest_version = 2, tag_root = object_sha256', []],
      [one, 'manifest_version = 2, tag_root = $2', [second.tag_root]],
      [two, 'manifest_version = 1, object_sha256 = tag_root', []],
      [two, 'manifest_version = 1, object_sha256 = $2', [sha256(await objectOf(second))]],
      [two, 'tag_root = $2', [randomBytes(32)]],
      [one, 'object_sha256 = $2', [randomBytes(32)]],
      [two, 'size = size - 1', []],
      [two, 'object_length = object_length - 16', []],
    ];
    for (const [fileId, lie, values] of lies) {
      await query(`update file set ${lie} where id = $1`, [fileId, ...values]);
      expect([lie, reasonOf(await read(fileId))]).toEqual([lie, 'FILE_INTEGRITY']);
      await query(
        'update file set size = $2, object_length = $3, manifest_version = $4, object_sha256 = $5, tag_root = $6 where id = $1',
        [
          fileId,
          body.length,
          (await objectOf(fileId === one ? first : second)).length,
          fileId === one ? 1 : 2,
          first.object_sha256 && fileId === one ? first.object_sha256 : null,
          fileId === two ? second.tag_root : null,
        ],
      );
      expect((await read(fileId)).status).toBe(200);
    }
  });

  it('are never half there: a row that has left out what its version needs is refused by the table', async () => {
    const fileId = await shared(world.data);
    for (const lie of [
      'tag_root = null',
      'object_crc32 = null',
      'manifest_version = 1',
      'manifest_version = 3',
      'header = null',
    ])
      await expect(query(`update file set ${lie} where id = $1`, [fileId])).rejects.toThrow('check constraint');
  });

  it('of a row that the release before wrote are opened, checked and read back by its own hash', async () => {
    const [good, rotten] = [await shared(before), await shared(before)];
    // As that release leaves it: no checksum, and a hash of what went in.
    const asBefore = 'update file set object_crc32 = null, sha256 = $2 where id = $1';
    for (const fileId of [good, rotten]) await query(asBefore, [fileId, sha256(body)]);
    expect((await read(good)).body.equals(body)).toBe(true);
    const row = await rowOf(rotten);
    const object = await objectOf(row);
    object[object.length - 40]! ^= 1;
    await world.bucket.root.putObject(world.bucket.bucket, row.object_key, object);
    await query('update file set read_at = now() where id not in ($1, $2)', [good, rotten]);
    const known = await failures();
    await world.sweep();
    expect(await failures()).toBe(known + 1);
  });
});
