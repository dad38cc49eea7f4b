import { FairQueue, type Turn } from './fair-queue.js';

const limits = { inFlight: 1, waiting: 6, waitingOfPerson: 2, waitingOfNetwork: 4, retryAfterSeconds: 2 };
const stranger = (network: string, person = ''): Turn => ({ person, network, known: false });
const known = (person: string): Turn => ({ person, network: '', known: true });

/** A queue whose one place is taken until `open` is called. */
function busy(now?: () => number) {
  const queue = new FairQueue(limits, now);
  let open = () => {};
  const held = queue.run(stranger('first'), () => new Promise<void>((resolve) => (open = resolve)));
  const done: string[] = [];
  const ask = (name: string, turn: Turn) =>
    queue
      .run(turn, async () => void done.push(name))
      .catch((error: { reason: string }) => void done.push(`${name} ${error.reason}`));
  return { queue, done, ask, finish: () => (open(), held) };
}

describe('FairQueue', () => {
  it('lets networks take turns, so that a flood waits behind itself', async () => {
    const { ask, done, finish } = busy();
    const asked = ['a1', 'a2', 'a3'].map((name) => ask(name, stranger('a')));
    asked.push(ask('b1', stranger('b')));
    await finish();
    await Promise.all(asked);
    expect(done).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('refuses more than one network’s and one person’s share at once, while others still find a place', async () => {
    const { ask, done, finish } = busy();
    const asked = [1, 2, 3, 4, 5].map((n) => ask(`a${n}`, stranger('a')));
    asked.push(...[1, 2, 3].map((n) => ask(`k${n}`, known('k'))), ask('b1', stranger('b')));
    await Promise.resolve();
    await finish();
    await Promise.all(asked);
    expect(done.filter((line) => line.includes('BUSY'))).toEqual(['a5 BUSY', 'k3 BUSY']);
    expect(done).toContain('b1');
  });

  it('keeps a lane for those it knows, which no crowd of strangers fills', async () => {
    const { ask, done, finish } = busy();
    const asked = [1, 2, 3, 4, 5, 6, 7].map((n) => ask(`s${n}`, stranger(`n${n}`)));
    asked.push(ask('owner', known('owner')));
    await finish();
    await Promise.all(asked);
    expect(done[0]).toBe('s7 BUSY');
    expect(done[1]).toBe('owner');
  });

  it('drops what nobody waits for any longer, without doing it', async () => {
    let time = 0;
    const { ask, done, finish } = busy(() => time);
    const asked = [
      ask('late', { ...stranger('a'), deadline: new Date(10) }),
      ask('in time', { ...stranger('a'), deadline: new Date(1_000) }),
    ];
    time = 20;
    await finish();
    await Promise.all(asked);
    expect([...done].sort()).toEqual(['in time', 'late DEADLINE_EXCEEDED']);
  });

  it('gives the place back after a failure', async () => {
    const queue = new FairQueue(limits);
    await expect(queue.run(stranger('a'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(queue.run(stranger('a'), async () => 'yes')).resolves.toBe('yes');
  });
});
