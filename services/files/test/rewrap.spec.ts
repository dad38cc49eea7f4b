import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { Binding, bindingStep, loadKekDirectory, neverUsedSql, newRootKey, RoomKey } from '@conclave/keys';
import { schemaFloorSql } from '@conclave/persistence';
import type { TestPerson } from '@conclave/messaging/testing';
import type pg from 'pg';
import { command, start } from './support/command.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';

interface Shared {
  readonly person: TestPerson;
  readonly slug: string;
  readonly fileId: string;
  readonly sha256: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const spareRooms = 2000;

let world: FilesWorld;
let keys: pg.Client;
const shared: Shared[] = [];

async function share(): Promise<void> {
  const room = world.rooms.room();
  const person = world.inside(room);
  const body = randomBytes(70_000);
  const fileId = await world.share(person, room.slug, body);
  shared.push({ person, slug: room.slug, fileId, sha256: sha256(body) });
}

async function everythingOpens(): Promise<void> {
  for (const { person, slug, fileId, sha256: expected } of shared) {
    const { hopToken } = await world.as(person).openContent({ slug, fileId });
    expect(sha256((await world.data.get(fileId, hopToken)).body)).toBe(expected);
  }
}

/** The handbook's own question. */
async function versions(): Promise<Record<string, number>> {
  const { rows } = await keys.query<{ kek_version: string; count: string }>(
    'select kek_version, count(*) from room_key group by 1',
  );
  return Object.fromEntries(rows.map(({ kek_version, count }) => [kek_version, Number(count)]));
}

/** How many keys of rooms and files are bound to their rows, and how many are not. */
async function bindings(): Promise<Record<string, number>> {
  const { rows } = await keys.query<{ what: string; count: string }>(
    `select 'room ' || binding as what, count(*) from room_key group by 1
      union all select 'file ' || binding, count(*) from file_key group by 1`,
  );
  return Object.fromEntries(rows.map(({ what, count }) => [what, Number(count)]));
}

/** Which migrations a release must know that runs on this schema. */
const demands = async (): Promise<string[]> =>
  (await keys.query<{ knows: string }>('select knows from schema_floor')).rows.map(({ knows }) => knows);

/** Rooms that nobody visits during the rotation: enough of them that a run can be killed among them. */
async function addRooms(): Promise<void> {
  const ring = await loadKekDirectory({ KEK_DIR: world.env['KEK_DIR']!, KEK_ACTIVE: 'v1' });
  for (let at = 0; at < spareRooms; at += 1) {
    const roomId = randomUUID();
    const { key, wrapped } = await newRootKey(ring, RoomKey, { purpose: 'room_key', roomId }, Binding.none);
    key.destroy();
    // As the release before writes it.
    await keys.query('insert into room_key (room_id, wrapped, kek_version) values ($1, $2, $3)', [
      roomId,
      Buffer.from(wrapped.wrapped),
      wrapped.version,
    ]);
  }
}

const v2 = { KEK_ACTIVE: 'v2' };

/** The rotation of docs/operations.md, step by step, on real servers. */
it('files sealed under one KEK open under the next one, and the old one can go', async () => {
  world = await filesWorld();
  keys = await world.database.connect('keys');
  // An installation that the release before has used: nothing may be bound that a pod of it could meet.
  expect(await demands()).toEqual([bindingStep.knows]);
  await keys.query('delete from schema_floor');
  for (const sql of schemaFloorSql(bindingStep.knows, 'as the migration', neverUsedSql({ table: 'room_key' })))
    await keys.query(sql);
  expect(await demands()).toEqual([]);
  await share();
  await share();
  await addRooms();
  const directory = world.env['KEK_DIR']!;
  const apart = (version: string): string => join(directory, '..', `${randomUUID()}-${version}`);
  const before = await versions();
  expect(before).toEqual({ v1: spareRooms + 2 });
  expect(await bindings()).toEqual({ 'room 0': spareRooms + 2, 'file 0': 2 });

  // 1. v2 is added, and nothing seals with it yet.
  await writeFile(join(directory, 'v2'), randomBytes(32).toString('base64'), { mode: 0o600 });
  await world.restart();
  await everythingOpens();
  await share();
  expect(await versions()).toEqual({ v1: spareRooms + 3 });

  // 2. v2 is active: new rooms are under it, the others open as they did.
  await world.restart({ config: v2 });
  await everythingOpens();
  await share();
  expect(await versions()).toEqual({ v1: spareRooms + 3, v2: 1 });
  expect(await bindings()).toEqual({ 'room 0': spareRooms + 4, 'file 0': 4 });

  // 4, too early: v1 is away while keys need it.
  const env = { ...world.env, ...v2 };
  const kept = apart('v1');
  await rename(join(directory, 'v1'), kept);
  const early = await command('preflight', env);
  const refusals = early.output.split('\n').filter((line) => line.includes('KEK'));
  expect(refusals).toHaveLength(1);
  expect(refusals[0]).toContain(
    'KEK v1 is not in KEK_DIR, but keys in the database are wrapped under it: put its file back',
  );
  expect(early.code).toBe(1);
  await expect(world.boot({ config: v2 })).rejects.toThrow('KEK v1 is not in KEK_DIR');
  expect(await command('rewrap', env)).toMatchObject({ code: 1, output: expect.stringContaining('KEK v1 is not in') });
  await rename(kept, join(directory, 'v1'));

  // 3. rewrap, killed among the rooms, while people work.
  const killed = start('services/files/src/rewrap.ts', env);
  while (((await bindings())['room 1'] ?? 0) < 100) await sleep(5);
  killed.child.kill('SIGKILL');
  await killed.ended;
  // Pods of the release before stop, before they could meet a key that they cannot open.
  expect(await demands()).toEqual([bindingStep.knows]);
  const halfway = await versions();
  expect(halfway['v1']).toBeGreaterThan(0);
  expect(halfway['v2']).toBeGreaterThan(99);
  expect((await bindings())['room 1']).toBeGreaterThan(99);
  await everythingOpens();
  const refused = await command('preflight', { ...env, KEK_ACTIVE: 'v1' });
  expect(refused.output).toContain('v1, v2 held, v1 seals, as the data needs it');

  const again = start('services/files/src/rewrap.ts', env);
  await share();
  await everythingOpens();
  const { code, output } = await again.ended;
  expect(output).toMatch(
    /^\d+ keys are under v2 now; 0 changed meanwhile\n4 keys of files are bound to their rows now; 0 changed meanwhile\n$/,
  );
  expect(code).toBe(0);
  expect(await versions()).toEqual({ v2: spareRooms + 5 });
  // What was shared during the rotation is bound already.
  expect(await bindings()).toEqual({ 'room 1': spareRooms + 5, 'file 1': 5 });
  expect((await command('rewrap', env)).output).toContain('0 keys are under v2 now; 0 changed meanwhile');

  // 4. v1 goes for good.
  await rename(join(directory, 'v1'), apart('v1-gone'));
  const fine = await command('preflight', env);
  expect(fine.output).toContain('v2 held, v2 seals, as the data needs it');
  expect(fine.code).toBe(0);
  await world.restart({ config: v2 });
  await everythingOpens();
  await share();
  const check = await command('check', env);
  expect(check.output).toContain(`${shared.length} of ${shared.length} files opened`);
  expect(check.output).toContain('0 faults');
  expect(check.code).toBe(0);
  // Another key as v1 is refused for ever: copies from before hold keys under the real one.
  await writeFile(join(directory, 'v1'), randomBytes(32).toString('base64'), { mode: 0o600 });
  expect((await command('preflight', env)).output).toContain('KEK v1 in KEK_DIR is not the key');
}, 180_000);
