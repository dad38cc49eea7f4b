import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../src/index.js';

describe('a process that is killed', () => {
  it('leaves none of its children behind, not even a deaf one', async () => {
    const hooks = join(import.meta.dirname, '../../testing/run-sources.mjs');
    const parent = spawn(process.execPath, ['--import', hooks, join(import.meta.dirname, 'fixtures/parent.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = line.toString().trim().split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    const end = Date.now() + 40_000;
    while (pids.some(isAlive) && Date.now() < end) await sleep(100);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});
