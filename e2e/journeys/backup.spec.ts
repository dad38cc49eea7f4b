import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../support/journey.js';
import { person } from '../support/api.js';
import { joinBare } from '../support/bare-participant.js';
import { query } from '../support/database.js';
import { environmentOf, run, tasksEnvironment, type Installation } from '../support/operator.js';
import { ownProduct, type OwnProduct } from '../support/own-product.js';
import { download, listed, openRoom, sha256, upload } from '../support/rooms.js';

test.describe.configure({ mode: 'serial' });
test.setTimeout(150_000);

let place: string;
let product: OwnProduct;
let identity: string;

const running = (): Installation => ({ folder: product.folder, ports: product.ports });
const backupEnvironment = (folder = join(place, 'backups')): Record<string, string> => ({
  BACKUP_FOLDER: folder,
  BACKUP_KEYS_FOLDER: join(place, 'keys-apart'),
  BACKUP_IDENTITY: identity,
});

test.beforeAll(async () => {
  test.setTimeout(120_000);
  place = await mkdtemp(join(tmpdir(), 'conclave-backups-'));
  product = await ownProduct();
});
test.afterAll(async () => {
  await product.stop();
  await rm(place, { recursive: true, force: true });
});

test('@faults a backup made while people work opens every file on empty servers, and nothing else does', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const inside = await joinBare(browser, owner, slug);
  const files = new Map<string, Buffer>();
  const share = async (name: string, size: number): Promise<void> => {
    const bytes = randomBytes(size);
    const { status, body } = await upload(owner, slug, name, bytes);
    expect(status).toBe(201);
    files.set(body.id, bytes);
  };
  await share('empty.txt', 0);
  await share('small.txt', 70_000);
  await share('large.bin', 6 * 1024 * 1024);
  await owner.call('POST', `/rooms/${slug}/messages`, { text: 'before the backup' });

  const made = await run('deploy/tasks', 'backup-key', {});
  identity = made.output;
  const recipient = /public key: (age1\S+)/.exec(identity)?.[1] ?? '';
  const env = {
    ...tasksEnvironment(running()),
    ...backupEnvironment(),
    BACKUP_RECIPIENTS: recipient,
    BACKUP_KEYS_DIR: join(product.folder, 'secrets'),
    BACKUP_KEEP: '1',
  };
  await test.step('the first backup copies all objects, the second only what is new', async () => {
    const first = await run('deploy/tasks', 'backup', env);
    expect(first.output).toContain('objects: 3 copied, 0 there already');
    expect(first.code).toBe(0);
    await share('late.txt', 1000);
    const second = await run('deploy/tasks', 'backup', env);
    expect(second.output).toContain('objects: 1 copied, 3 there already');
    expect(second.output).toContain('1 older backups and 0 objects removed');
    expect(second.code).toBe(0);
  });

  await test.step('nothing of it can be read without the identity', async () => {
    const kek = (await readFile(join(product.folder, 'secrets/files/kek/v1'), 'utf8')).trim();
    for (const folder of ['backups', 'keys-apart']) {
      for (const entry of await readdir(join(place, folder), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = await readFile(join(entry.parentPath, entry.name));
        for (const secret of [kek, 'Aylin Kaya', owner.email]) expect(bytes.includes(secret)).toBe(false);
      }
    }
  });

  await test.step('servers that hold something are refused, and so is another identity', async () => {
    const full = await run('deploy/tasks', 'restore', env);
    expect(full.output).toMatch(/Database auth is not empty \(.* has rows\)/);
    expect(full.code).toBe(1);
    const stranger = (await run('deploy/tasks', 'backup-key', {})).output;
    const wrong = await run('deploy/tasks', 'restore', { ...env, BACKUP_IDENTITY: stranger }, ['--verify']);
    expect(wrong.output).toContain('it was sealed for another identity than this one');
    expect(wrong.code).toBe(1);
  });

  await test.step('a part that is missing, or changed, is named', async () => {
    const damaged = join(place, 'damaged');
    await cp(join(place, 'backups'), damaged, { recursive: true });
    const parts = await readdir(damaged, { recursive: true, withFileTypes: true });
    const find = (name: string): string => {
      const entry = parts.find((one) => one.isFile() && one.name === name);
      return join(entry?.parentPath ?? '', name);
    };
    const verify = () => run('deploy/tasks', 'restore', { ...env, ...backupEnvironment(damaged) }, ['--verify']);
    const users = find('user.copy.gz.age');
    const bytes = await readFile(users);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await writeFile(users, bytes);
    expect((await verify()).output).toContain('user.copy.gz.age in folder');
    await rm(users);
    const missing = await verify();
    expect(missing.output).toContain('user.copy.gz.age is missing');
    expect(missing.code).toBe(1);
  });

  await inside.disconnect();
  const backedUp = new Map(files);
  await product.stop();

  await test.step('on empty servers it comes back whole', async () => {
    const said: string[] = [];
    product = await ownProduct({
      prepare: async (folder) => {
        const env = { ...backupEnvironment(), RESTORE_KEYS_DIR: join(folder, 'secrets') };
        const keys = await run('deploy/tasks', 'restore-keys', env);
        expect(keys.output).toContain('files/kek/v1');
        expect(keys.code).toBe(0);
      },
      beforeServices: async ({ ports, secrets }) => {
        const fresh: Installation = { folder: join(secrets.file('.'), '..'), ports };
        const tasks = { ...tasksEnvironment(fresh), ...backupEnvironment() };
        const early = await run('deploy/tasks', 'restore', tasks);
        expect(early.output).toContain('has no tables yet');
        for (const service of ['auth', 'rooms', 'files'] as const)
          expect(await run(`services/${service}`, 'migrate', environmentOf(service, fresh))).toMatchObject({ code: 0 });
        const restored = await run('deploy/tasks', 'restore', tasks);
        said.push(restored.output);
        expect(restored.code).toBe(0);
      },
    });
    expect(said.join()).toContain('is restored');
    const check = await run('services/files', 'check', environmentOf('files', running()));
    expect(check.output).toContain(`${backedUp.size} of ${backedUp.size} files opened`);
    expect(check.output).toContain('0 faults; 0 objects without a file');
    expect(check.code).toBe(0);
  });

  await test.step('people come back with their password, their room, their messages and their files', async () => {
    owner.cookie = '';
    const { email, password } = owner;
    expect((await owner.call('POST', '/session', { email, password })).status).toBe(200);
    await joinBare(browser, owner, slug);
    expect((await listed(owner, slug)).length).toBe(backedUp.size);
    for (const [id, bytes] of backedUp) {
      const answer = await download(owner, slug, id);
      expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(bytes));
    }
    const { body } = await owner.call<{ items: { text: string }[] }>('GET', `/rooms/${slug}/messages`);
    expect(body.items.map(({ text }) => text)).toContain('before the backup');
  });

  await test.step('feeds go on where they were: each file is announced once, the new one too', async () => {
    await share('after.txt', 10);
    const announced = async (): Promise<string[]> =>
      (
        await query<{ id: string }>(
          'rooms',
          `select data->>'fileId' as id from room_event where type = 'file.available' order by seq`,
        )
      ).map(({ id }) => id);
    await expect.poll(announced, { timeout: 20_000 }).toHaveLength(files.size);
    expect(new Set(await announced())).toEqual(new Set(files.keys()));
  });
});
