import { randomBytes } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { remainsOf } from './support/remains.js';

const canary = 'CANARY-7f3a-plaintext';
const name = 'CANARY-9c1d-quarterly-figures.pdf';

describe('whoever steals', () => {
  let world: FilesWorld;
  let room: { id: string; slug: string };
  let person: TestPerson;
  let hopToken: string;
  let fileId: string;

  beforeAll(async () => {
    world = await filesWorld();
    room = world.rooms.room();
    person = world.inside(room, 'owner');
    const body = Buffer.concat([Buffer.from(canary), randomBytes(100_000), Buffer.from(canary)]);
    fileId = await world.share(person, room.slug, body, name);
    ({ hopToken } = await world.as(person).openContent({ slug: room.slug, fileId }));
    await world.data.get(fileId, hopToken);
    await world.as(person).listFiles({ slug: room.slug });
    // Failures write log lines too.
    await world.data.get(fileId, `${hopToken}x`);
    await world
      .as(person)
      .startUpload({ slug: room.slug, name: '\u202e', type: canary, size: 1n })
      .catch(() => undefined);
  }, 120_000);

  it('the bucket gets neither content, name, room nor file id', async () => {
    const { root, bucket } = world.bucket;
    const keys: string[] = [];
    for await (const item of root.listObjectsV2(bucket, '', true)) keys.push((item as { name: string }).name);
    expect(keys).toHaveLength(1);
    const parts: Buffer[] = [];
    for await (const part of await root.getObject(bucket, keys[0]!)) parts.push(part as Buffer);
    const stat = JSON.stringify(await root.statObject(bucket, keys[0]!));
    for (const secret of [
      canary,
      name,
      'CANARY',
      room.id,
      fileId,
      room.id.replaceAll('-', ''),
      fileId.replaceAll('-', ''),
    ]) {
      expect(Buffer.concat(parts).includes(secret)).toBe(false);
      expect(keys[0] + stat).not.toContain(secret);
    }
  });

  it('every row of every table gets no name and no content', async () => {
    const db = await world.database.connect('superuser');
    const tables = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'keys')`,
    );
    expect(tables.rows.length).toBeGreaterThan(6);
    for (const table of tables.rows) {
      const { rows } = await db.query<{ row: string }>(`select row_to_json(t)::text as row from ${table.name} t`);
      const dump = rows.map(({ row }) => row).join('\n');
      const hex = (text: string): string => Buffer.from(text).toString('hex');
      for (const secret of [canary, name, 'CANARY', hex('CANARY'), hex(name)])
        expect([table.name, dump.includes(secret)]).toEqual([table.name, false]);
    }
  });

  it("the index role's password gets no key", async () => {
    const app = await world.database.connect('owner');
    for (const table of ['room_key', 'file_key', 'shredded_room'])
      await expect(app.query(`select * from keys.${table}`)).rejects.toMatchObject({ code: '42501' });
    await expect(app.query('create table keys.mine (id int)')).rejects.toMatchObject({ code: '42501' });
  });

  it("the keys role's password gets no row of the index", async () => {
    const keys = await world.database.connect('keys');
    await expect(keys.query('select * from public.file')).rejects.toMatchObject({ code: '42501' });
  });

  it('both databases without the KEK get only wrapped keys of exactly 40 bytes', async () => {
    const keys = await world.database.connect('keys');
    const { rows } = await keys.query<{ length: number }>(
      'select octet_length(wrapped) as length from keys.room_key union all select octet_length(wrapped) from keys.file_key',
    );
    expect(rows).toEqual([{ length: 40 }, { length: 40 }]);
  });

  it('the log gets no name, no content, no token and no secret', async () => {
    expect((await remainsOf(world, room.id)).rows).toHaveLength(1);
    const log = world.log.join('');
    expect(log.length).toBeGreaterThan(100);
    const secrets = [
      canary,
      name,
      'CANARY',
      hopToken,
      person.token,
      room.slug,
      ...['DATABASE_PASSWORD', 'KEYS_DATABASE_PASSWORD', 'S3_SECRET_KEY', 'HOP_TOKEN_KEY', 'NATS_NKEY_SEED'].map(
        (key) => world.env[key]!,
      ),
    ];
    for (const secret of secrets) expect(log.includes(secret)).toBe(false);
  });
});
