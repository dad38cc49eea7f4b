import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join as path } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rooms } from '@conclave/contracts';
import { Binding, loadKekDirectory, MessageKey, newRootKey } from '@conclave/keys';
import type pg from 'pg';
import { join } from './support/join.js';
import { eventually, openStage, type Actor, type Stage } from './support/stage.js';

const runSources = new URL('../../../libs/testing/run-sources.mjs', import.meta.url).href;
const spareRooms = 1500;

let stage: Stage;
let keys: pg.Client;

/** One of rooms' own commands, from its source. */
async function command(name: string, active: string): Promise<{ code: number; output: string }> {
  const { TOKEN_PEPPER, ...rest } = stage.config;
  const env = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, String(value)]));
  const main = fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@conclave/source', '--import', runSources, main],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          ...env,
          TOKEN_PEPPER: TOKEN_PEPPER.toString('base64'),
          KEK_ACTIVE: active,
        },
        timeout: 60_000,
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
    );
  });
}

async function versions(): Promise<Record<string, number>> {
  const { rows } = await keys.query<{ kek_version: string; count: string }>(
    'select kek_version, count(*) from message_key group by 1',
  );
  return Object.fromEntries(rows.map(({ kek_version, count }) => [kek_version, Number(count)]));
}

/** How many keys are bound to their rows, and how many are not. */
async function bindings(): Promise<Record<string, number>> {
  const { rows } = await keys.query<{ binding: number; count: string }>(
    'select binding, count(*) from message_key group by 1',
  );
  return Object.fromEntries(rows.map(({ binding, count }) => [binding, Number(count)]));
}

async function addRooms(): Promise<void> {
  const ring = await loadKekDirectory({ KEK_DIR: stage.config.KEK_DIR, KEK_ACTIVE: 'v1' });
  for (let at = 0; at < spareRooms; at += 1) {
    const roomId = randomUUID();
    const { key, wrapped } = await newRootKey(ring, MessageKey, { purpose: 'message_key', roomId }, Binding.none);
    key.destroy();
    // As the release before writes it.
    await keys.query(
      'insert into message_key (room_id, wrapped, kek_version, created_at, updated_at) values ($1, $2, $3, now(), now())',
      [roomId, Buffer.from(wrapped.wrapped), wrapped.version],
    );
  }
}

async function roomWithMessage(owner: Actor, text: string): Promise<string> {
  const { room } = await owner.rooms.createRoom({ name: 'Chat', accessLevel: rooms.AccessLevel.ORGANISATION });
  const slug = room?.slug ?? '';
  await join(stage, owner, slug);
  await eventually(() => owner.messages.postMessage({ slug, text }));
  return slug;
}

const textsIn = async (owner: Actor, slug: string): Promise<string[]> =>
  (await eventually(() => owner.messages.listMessages({ slug }))).messages.map(({ text }) => text);

it('messages sealed under one KEK open under the next one, and the old one can go', async () => {
  stage = await openStage();
  keys = await stage.database.connect('keys');
  // An installation that the release before has used: nothing may be bound that a pod of it could meet.
  await keys.query('delete from schema_floor');
  const owner = stage.person();
  const old = await roomWithMessage(owner, 'from before');
  await addRooms();
  const before = await versions();
  const directory = stage.config.KEK_DIR;
  const gone = path(directory, '..', `${randomUUID()}-v1`);

  await writeFile(path(directory, 'v2'), randomBytes(32).toString('base64'), { mode: 0o600 });
  await stage.service.close();
  const second = await stage.replica({ KEK_ACTIVE: 'v2', WEBHOOK_PORT: stage.config.WEBHOOK_PORT });
  expect(await textsIn(owner, old)).toContain('from before');
  const fresh = await roomWithMessage(owner, 'from after');
  expect(await versions()).toEqual({ ...before, v2: 1 });
  expect(await bindings()).toEqual({ 0: spareRooms + 2 });

  await rename(path(directory, 'v1'), gone);
  const early = await command('preflight', 'v2');
  expect(early.output).toContain('KEK v1 is not in KEK_DIR, but keys in the database are wrapped under it');
  expect(early.code).toBe(1);
  await rename(gone, path(directory, 'v1'));

  // Two at once, as when somebody is impatient: none harms the other, and one of them may ask for another run.
  const both = await Promise.all([command('rewrap', 'v2'), command('rewrap', 'v2')]);
  for (const { output } of both) expect(output).toMatch(/^\d+ keys are under v2 now; \d+ changed meanwhile/);
  expect((await command('rewrap', 'v2')).output).toBe('0 keys are under v2 now; 0 changed meanwhile\n');
  expect(await versions()).toEqual({ v2: spareRooms + 2 });
  expect(await bindings()).toEqual({ 1: spareRooms + 2 });
  expect(await textsIn(owner, old)).toContain('from before');

  await rename(path(directory, 'v1'), gone);
  const fine = await command('preflight', 'v2');
  expect(fine.output).toContain('v2 held, v2 seals, as the data needs it');
  await second.close();
  await stage.replica({ KEK_ACTIVE: 'v2', WEBHOOK_PORT: stage.config.WEBHOOK_PORT });
  expect(await textsIn(owner, old)).toContain('from before');
  expect(await textsIn(owner, fresh)).toContain('from after');
}, 180_000);
