import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLockIn } from './lock.mjs';

describe('one command at a time', () => {
  let folder: string;
  const alone = <T>(work: () => Promise<T>): Promise<T> => withLockIn(folder, 'build', work);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('installs and compiles a checkout, however many were started', async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async (): Promise<void> => {
      most.push(++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all([alone(work), alone(work), alone(work)]);
    expect(most).toEqual([1, 1, 1]);
  });

  it('also after one that was killed, or that failed', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(join(folder, '.build.lock'), String(pid));
    const failing = alone(() => Promise.reject(new Error('does not compile')));
    await expect(failing).rejects.toThrow('does not compile');
    expect(await alone(async () => 'compiled')).toBe('compiled');
  });
});
