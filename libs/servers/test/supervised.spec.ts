import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedProcess, Supervised } from '../src/index.js';

const run = (script: string): (() => Promise<ManagedProcess>) => {
  return () =>
    Promise.resolve(new ManagedProcess({ name: 'it', command: 'sh', args: ['-c', script], group: 'service' }));
};

async function until(fact: () => boolean): Promise<void> {
  const end = Date.now() + 40_000;
  while (!fact()) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await sleep(20);
  }
}

describe('a supervised process', () => {
  it('is started again when it dies', async () => {
    const supervised = new Supervised('it', run('exec sleep 1000'));
    await supervised.start();
    const first = supervised.pid;
    await supervised.process?.kill();
    await until(() => supervised.state === 'running' && supervised.pid !== null && supervised.pid !== first);
    expect(supervised.restarts).toBe(1);
    await supervised.stop();
    expect(supervised.pid).toBeNull();
  });

  it('is given longer and longer pauses while it keeps dying', async () => {
    const said: string[] = [];
    const supervised = new Supervised('it', run('exit 3'), (line) => said.push(line));
    await supervised.start();
    await until(() => said.length === 3);
    await supervised.stop();
    expect(said).toEqual([0.5, 1, 2].map((s) => `it ended with code 3; starting it again in ${s} s`));
  });

  it('stays down once it was stopped', async () => {
    const supervised = new Supervised('it', run('exec sleep 1000'));
    await supervised.start();
    await supervised.stop();
    await sleep(700);
    expect(supervised.pid).toBeNull();
    expect(supervised.restarts).toBe(0);
  });

  it('tells of a first start that fails', async () => {
    const supervised = new Supervised('it', () => Promise.reject(new Error('no')));
    await expect(supervised.start()).rejects.toThrow('no');
  });

  it('does not wait for one that never gets ready when it is stopped', async () => {
    const started: ManagedProcess[] = [];
    const supervised = new Supervised('it', async (signal) => {
      const child = new ManagedProcess({ name: 'it', command: 'sleep', args: ['1000'], group: 'service' });
      started.push(child);
      try {
        await child.ready(() => Promise.resolve(false), 60_000, signal);
      } catch (error) {
        await child.stop();
        throw error;
      }
      return child;
    });
    const start = supervised.start();
    start.catch(() => {});
    await until(() => started.length === 1);
    await supervised.stop();
    expect(started[0]?.exit).not.toBeNull();
    await expect(start).rejects.toThrow();
  });
});
