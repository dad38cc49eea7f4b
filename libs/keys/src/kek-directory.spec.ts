import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Binding, KekDirectoryRefused, KekVersionUnknown, RoomKey, generateKey, loadKekDirectory } from './index.js';

const place = { purpose: 'room_key', roomId: randomUUID() } as const;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keks-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function put(name: string, content: string = randomBytes(32).toString('base64'), mode = 0o600): Promise<void> {
  await writeFile(join(directory, name), content);
  await chmod(join(directory, name), mode);
}

const load = (active = 'v1') => loadKekDirectory({ KEK_DIR: directory, KEK_ACTIVE: active });

it('loads every version, with or without a line end, and wraps with the active one', async () => {
  await put('v1');
  await put('v2', `${randomBytes(32).toString('base64')}\n`);
  await put('v10', undefined, 0o400);
  const ring = await load('v2');
  expect(ring.versions).toEqual(['v1', 'v2', 'v10']);
  expect((await ring.wrap(generateKey(RoomKey), place, Binding.place)).version).toBe('v2');
});

it('takes up to six digits, as the environment of every service and the chart do', async () => {
  await put('v10000');
  await put('v999999');
  expect((await load('v10000')).versions).toEqual(['v10000', 'v999999']);
});

it('reads a mounted secret, whose files are links into a folder with a dot', async () => {
  await mkdir(join(directory, '..2026'));
  await put('..2026/v1');
  await symlink('..2026', join(directory, '..data'));
  await symlink('..data/v1', join(directory, 'v1'));
  expect((await load()).versions).toEqual(['v1']);
});

describe('refuses, and says what to do', () => {
  const refusal = async (active?: string) => {
    const error = await load(active).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KekDirectoryRefused);
    return (error as Error).message;
  };

  it('a folder that is not there', async () => {
    const error = await loadKekDirectory({ KEK_DIR: join(directory, 'none'), KEK_ACTIVE: 'v1' }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(KekDirectoryRefused);
  });

  it('an active version without a file', async () => {
    await put('v1');
    expect(await refusal('v2')).toContain('KEK_ACTIVE is v2');
  });

  it.each(['', '1', 'v0', 'v01', 'v1000000', 'V1', '../v1', 'v1/../v1'])('the active version %p', async (active) => {
    await put('v1');
    expect(await refusal(active)).toContain('KEK_ACTIVE must be a version');
  });

  it.each([
    ['short', randomBytes(31).toString('base64')],
    ['long', randomBytes(33).toString('base64')],
    ['very long', randomBytes(320).toString('base64')],
    ['empty', ''],
    ['raw', randomBytes(32).toString('latin1')],
    ['hexadecimal', randomBytes(32).toString('hex')],
    ['two keys', `${randomBytes(32).toString('base64')}\n${randomBytes(32).toString('base64')}`],
  ])('a key that is %s', async (_, content) => {
    await put('v1', content);
    const message = await refusal();
    expect(message).toContain('32 bytes in base64');
    if (content !== '') expect(message).not.toContain(content.slice(0, 8));
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o620, 0o601])('mode %p', async (mode) => {
    await put('v1', undefined, mode);
    expect(await refusal()).toContain('chmod 600');
  });

  it('the same key in two versions', async () => {
    const key = randomBytes(32).toString('base64');
    await put('v1', key);
    await put('v3', key);
    expect(await refusal()).toContain('v1 and v3 hold the same key');
  });

  it('a file that is no version, which might be a slip of the pen', async () => {
    await put('v1');
    await put('v2.bak');
    expect(await refusal()).toContain('"v2.bak"');
  });

  it('a folder in place of a key', async () => {
    await mkdir(join(directory, 'v1'), { mode: 0o700 });
    await expect(load()).rejects.toThrow();
  });
});

it('a wrapped key of a version that is gone names that version', async () => {
  await put('v1');
  const ring = await load();
  const wrapped = await ring.wrap(generateKey(RoomKey), place, Binding.place);
  await expect(ring.unwrap({ ...wrapped, version: 'v7' }, place, RoomKey)).rejects.toBeInstanceOf(KekVersionUnknown);
});
