import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { baseUrl, person, type Caller } from '../support/api.js';
import { control, joinMeeting, visitorAs } from '../support/app.js';
import { joinBare } from '../support/bare-participant.js';
import { dropOn, lineOf } from '../support/dropped.js';
import { expect, test } from '../support/journey.js';
import { download, openRoom, sha256, upload, type StoredFile } from '../support/rooms.js';

const MIB = 1024 * 1024;
/** 1 GiB by EVIDENCE=1. */
const size = (process.env['EVIDENCE'] ? 1024 : 40) * MIB;

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conclave-uploads-'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

async function inFiles(page: Page, slug: string): Promise<void> {
  await page.goto(`/r/${slug}`);
  await joinMeeting(page);
  await control(page, 'Files').click();
  await expect(page.getByLabel('Choose files to share')).toBeAttached();
}

/** How far the row says that it is, in percent; -1 where there is none. */
const percentOf = async (page: Page, kind: 'Upload' | 'Download', name: string): Promise<number> => {
  const bar = page.getByRole('progressbar', { name: `${kind} of ${name}` });
  return (await bar.count()) === 0 ? -1 : Number(await bar.getAttribute('aria-valuenow'));
};

/** Every file of the room, over all pages. */
async function allFiles(caller: Caller, slug: string): Promise<readonly StoredFile[]> {
  const found: StoredFile[] = [];
  for (let after = ''; ;) {
    const path = `/rooms/${slug}/files?limit=100${after && `&after=${after}`}`;
    const { body } = await caller.call<{ items?: StoredFile[]; next?: string | null }>('GET', path);
    found.push(...(body.items ?? []));
    if (!body.next) return found;
    after = body.next;
  }
}

test('an upload goes on after the network was cut twice and after a reload, and its download after a cut', async ({
  browser,
}) => {
  test.setTimeout(process.env['EVIDENCE'] ? 900_000 : 120_000);
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const bytes = randomBytes(size);
  const [path, other] = [join(folder, 'film.mkv'), join(folder, 'other', 'film.mkv')];
  await mkdir(join(folder, 'other'));
  await writeFile(path, bytes);
  const changed = Buffer.from(bytes);
  changed.set(randomBytes(16), size - 16);
  await writeFile(other, changed);
  const { page: meeting, errors } = await visitorAs(browser, owner);
  await inFiles(meeting, slug);
  // Their files in a tab of their own: its line is cut and slowed without the meeting's.
  const page = await meeting.context().newPage();
  page.on('pageerror', (error) => errors.push(String(error)));
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.goto(`/r/${slug}/files`);
  await expect(page.getByLabel('Choose files to share')).toBeAttached();
  const line = await lineOf(page);
  const speed = size / 8;
  await line.slow(speed);
  await page.getByLabel('Choose files to share').setInputFiles(path);
  const row = page.getByRole('list', { name: 'Uploads' }).getByRole('listitem');

  for (const percent of [25, 45]) {
    await expect.poll(() => percentOf(page, 'Upload', 'film.mkv')).toBeGreaterThan(percent);
    await line.cut();
    await expect(row).toContainText('Goes on when you are back online.');
    await line.slow(speed);
  }
  await expect.poll(() => percentOf(page, 'Upload', 'film.mkv')).toBeGreaterThan(60);
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
  await expect(row).toContainText('Choose the file again to go on.');
  const { body } = await owner.call<{ items: { offset: number }[] }>('GET', `/rooms/${slug}/uploads`);
  expect(body.items).toHaveLength(1);
  expect(body.items[0]?.offset).toBeGreaterThan(0);
  const chooser = row.locator('input[type=file]');
  await chooser.setInputFiles(other);
  await expect(row).toContainText('That is another file, or it has changed.');
  await chooser.setInputFiles(path);
  const stored = page.getByRole('list', { name: 'Files' }).getByRole('listitem');
  await expect(stored).toContainText('film.mkv', { timeout: 30_000 });
  await expect(row).toHaveCount(0);
  const files = await allFiles(owner, slug);
  expect(files).toMatchObject([{ name: 'film.mkv', size, status: 'available' }]);
  const whole = await download(owner, slug, files[0]?.id ?? '');
  expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(sha256(bytes));
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('film');
  expect(await page.evaluate(() => indexedDB.databases().then((found) => found.length))).toBeLessThanOrEqual(1);

  // A large download goes to disk by pieces. What a person chooses in a dialog of the system lies in the browser's own folder here.
  await page.evaluate(() => {
    const showSaveFilePicker = async () =>
      (await navigator.storage.getDirectory()).getFileHandle('film.mkv', { create: true });
    Object.assign(window, { showSaveFilePicker });
  });
  await line.slow(speed * 2);
  await stored.getByRole('link', { name: 'Download film.mkv' }).click();
  const down = page.getByRole('list', { name: 'Downloads' }).getByRole('listitem');
  await expect.poll(() => percentOf(page, 'Download', 'film.mkv')).toBeGreaterThan(20);
  await line.cut();
  await expect(down).toContainText('Goes on when you are back online.');
  await line.slow(-1);
  await expect(down).toContainText('whole', { timeout: 30_000 });
  const got = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('film.mkv')).getFile();
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  expect(got).toBe(sha256(bytes));
  expect(errors).toEqual([]);
});

test('two hundred files in a folder are dropped at once: one announcement, a list that stays quick, each there once under its path', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const tree = join(folder, 'reports');
  await mkdir(join(tree, '2026'), { recursive: true });
  await Promise.all(
    Array.from({ length: 199 }, (_, at) =>
      writeFile(join(tree, '2026', `page ${at}.txt`), `page ${at} ${randomBytes(500).toString('hex')}`),
    ),
  );
  const single = join(folder, 'single.txt');
  await writeFile(single, 'alone');
  const { page, errors } = await visitorAs(browser, owner);
  await inFiles(page, slug);
  await dropOn(page, page.locator('cv-files-panel'), [tree, single]);
  const uploads = page.getByRole('list', { name: 'Uploads' });
  await expect(page.locator('cv-upload-summary').getByRole('status')).toHaveText('200 files are in the queue.');
  await expect(page.locator('cv-upload-summary')).toContainText(/files of 200 are left/);
  // A click is answered while they run.
  await page.getByRole('button', { name: 'Pause all' }).click();
  await expect(page.locator('cv-upload-summary')).toContainText(/files are paused/);
  await page.getByRole('button', { name: 'Go on with all' }).click();
  await expect(page.locator('cv-upload-summary').getByRole('status')).toHaveText('All 200 files are shared.', {
    timeout: 90_000,
  });
  await expect(uploads).toHaveCount(0);
  const files = await allFiles(owner, slug);
  expect(new Set(files.map(({ name }) => name)).size).toBe(200);
  expect(files).toHaveLength(200);
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['reports › 2026 › page 0.txt', 'single.txt']));
  // Nobody is held back by what has ended.
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toEqual([]);
  expect(errors).toEqual([]);
});

/** The command, as a terminal runs it. */
function conclave(caller: Caller, room: string, args: readonly string[], cache: string) {
  const cli = join(import.meta.dirname, '../../cli/bin/conclave.mjs');
  const child: ChildProcess = spawn(process.execPath, [cli, 'files', ...args], {
    env: {
      ...process.env,
      CONCLAVE_SERVER: baseUrl(),
      CONCLAVE_ROOM: room,
      CONCLAVE_TOKEN: caller.personalToken,
      XDG_CACHE_HOME: cache,
    },
  });
  let [out, words] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (words += data.toString()));
  const ended = new Promise<{ code: number | null; out: string; words: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out: out.trim(), words })),
  );
  return { child, ended };
}

test('the command line shares and fetches, goes on after it was killed, and says what is missing', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const cache = join(folder, 'cache');
  const bytes = randomBytes(64 * MIB);
  const path = join(folder, 'disk.img');
  await writeFile(path, bytes);
  const run = (...args: string[]) => conclave(owner, slug, args, cache);

  const outside = await run('put', path).ended;
  expect([outside.code, outside.words]).toEqual([4, expect.stringContaining('Enter it in the browser')]);
  const nobody = await conclave({ personalToken: `cnv_${'a'.repeat(52)}` } as Caller, slug, ['ls'], cache).ended;
  expect(nobody.code).toBe(3);
  await joinBare(browser, owner, slug);

  const first = run('put', path);
  const offset = async () => {
    const { body } = await owner.call<{ items: { offset: number }[] }>('GET', `/rooms/${slug}/uploads`);
    return body.items[0]?.offset ?? 0;
  };
  await expect.poll(offset, { intervals: [20] }).toBeGreaterThan(0);
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await readdir(join(cache, 'conclave', 'uploads'))).length).toBe(1);
  const kept = await Promise.all(
    (await readdir(join(cache, 'conclave', 'uploads'))).map((name) =>
      readFile(join(cache, 'conclave', 'uploads', name), 'utf8'),
    ),
  );
  expect(kept.join()).not.toMatch(/disk|cnv_/);
  const second = await run('put', path).ended;
  expect([second.code, second.words]).toEqual([0, expect.stringContaining('goes on at')]);
  expect(await readdir(join(cache, 'conclave', 'uploads'))).toEqual([]);

  const listed = await run('ls', '--json').ended;
  expect(JSON.parse(listed.out)).toMatchObject({ id: second.out, name: 'disk.img', size: bytes.length });
  const to = join(folder, 'back.img');
  const part = `${to}.${second.out}.part`;
  // What an earlier run has fetched is not fetched again.
  await writeFile(part, bytes.subarray(0, 40 * MIB));
  const fetched = await run('get', 'disk.img', '-o', to).ended;
  expect([fetched.code, fetched.words]).toEqual([0, expect.stringContaining('goes on at 40 MB')]);
  expect(sha256(await readFile(to))).toBe(sha256(bytes));
  expect((await run('get', 'no such file').ended).code).toBe(1);
  expect((await upload(owner, slug, 'small.txt', Buffer.from('small'))).status).toBe(201);
  expect((await run('get', 'small.txt', '-o', '-').ended).out).toBe('small');
});
