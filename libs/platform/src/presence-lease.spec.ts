import { DomainError } from '@conclave/errors';
import { leaseMs, PresenceLease, renewEveryMs, type LeaseTime } from './presence-lease.js';

/** Time that passes when it is told to. */
class FakeTime implements LeaseTime {
  private at = 1_000_000;
  private readonly tasks = new Map<symbol, { due: number; task: () => void }>();
  now = () => this.at;
  pause = (ms: number) => new Promise<void>((resolve) => void this.after(ms, resolve));
  after = (ms: number, task: () => void) => {
    const id = Symbol();
    this.tasks.set(id, { due: this.at + ms, task });
    return () => void this.tasks.delete(id);
  };

  /** Lets time go by, each timer at its moment, with everything that follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.at + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = [...this.tasks].filter(([, { due }]) => due <= end).sort((a, b) => a[1].due - b[1].due)[0];
      if (!next) break;
      const [id, { due, task }] = next;
      this.tasks.delete(id);
      this.at = Math.max(this.at, due);
      task();
    }
    this.at = end;
  }

  /** The process stands still: the clock goes on, and no timer comes. */
  stopFor(ms: number): void {
    this.at += ms;
  }
}

describe('a lease of presence', () => {
  let time: FakeTime;
  let asked: number;
  let answer: (timeoutMs: number) => Promise<string>;
  let lease: PresenceLease<string>;
  const over = () => (lease.signal.reason as DomainError | undefined)?.reason;
  const never = () => new Promise<string>(() => undefined);
  const refuse = () => Promise.reject(new DomainError('NOT_PRESENT'));

  beforeEach(async () => {
    time = new FakeTime();
    asked = 0;
    answer = async () => `proof ${asked}`;
    lease = await PresenceLease.begin({
      prove: (timeoutMs) => ((asked += 1), answer(timeoutMs)),
      refuses: (error) => error instanceof DomainError && error.reason === 'NOT_PRESENT',
      time,
    });
  });
  afterEach(() => lease.stop());

  it('holds as long as it is renewed, and is renewed well before its end', async () => {
    await time.pass(60_000);
    expect(over()).toBeUndefined();
    expect(asked).toBe(1 + Math.floor(60_000 / renewEveryMs));
    expect(2 * renewEveryMs).toBeLessThan(leaseMs);
  });

  it('ends two seconds after the last proof when nobody answers, to the millisecond', async () => {
    answer = never;
    await time.pass(leaseMs - 1);
    expect(over()).toBeUndefined();
    await time.pass(1);
    expect(over()).toBe('NOT_PRESENT');
  });

  it('ends as soon when every answer is that nobody can be asked', async () => {
    answer = () => Promise.reject(new DomainError('UNAVAILABLE'));
    await time.pass(leaseMs);
    expect(over()).toBe('NOT_PRESENT');
    expect((lease.signal.reason as DomainError).cause).toMatchObject({ reason: 'UNAVAILABLE' });
  });

  it('counts from when a proof was asked for: an answer that was long on its way makes it no longer', async () => {
    answer = () => time.pause(600).then(() => 'late');
    await time.pass(renewEveryMs + 600);
    expect(lease.proof).toBe('late');
    answer = never;
    await time.pass(leaseMs - 600 - 1);
    expect(over()).toBeUndefined();
    await time.pass(1);
    expect(over()).toBe('NOT_PRESENT');
  });

  it('asks again though an answer is still awaited, and goes on with the one that comes', async () => {
    answer = never;
    await time.pass(renewEveryMs);
    answer = async () => 'second';
    await time.pass(renewEveryMs);
    expect(lease.proof).toBe('second');
    await time.pass(10_000);
    expect(over()).toBeUndefined();
  });

  it('asks for no answer that could come only after its end', async () => {
    const waits: number[] = [];
    answer = (timeoutMs) => (waits.push(timeoutMs), never());
    await time.pass(leaseMs);
    expect(waits).toEqual([leaseMs - renewEveryMs, leaseMs - 2 * renewEveryMs]);
  });

  it('ends with a refusal, at once', async () => {
    answer = refuse;
    await time.pass(renewEveryMs);
    expect(over()).toBe('NOT_PRESENT');
  });

  it('lets nothing pass in a process that stood still for longer, before any timer has come', () => {
    expect(() => lease.require()).not.toThrow();
    time.stopFor(leaseMs);
    expect(() => lease.require()).toThrow(expect.objectContaining({ reason: 'NOT_PRESENT' }));
    expect(over()).toBe('NOT_PRESENT');
  });

  it('gives a proof that was asked for since a moment, when one comes', async () => {
    await time.pass(10);
    answer = () => Promise.reject(new DomainError('UNAVAILABLE'));
    const fresh = lease.since(time.now());
    await time.pass(250);
    answer = async () => 'fresh';
    await time.pass(250);
    await expect(fresh).resolves.toBe('fresh');
  });

  it('gives none where it ends first', async () => {
    await time.pass(10);
    answer = never;
    const fresh = lease.since(time.now());
    const refused = expect(fresh).rejects.toMatchObject({ reason: 'NOT_PRESENT' });
    await time.pass(leaseMs);
    lease.stop();
    await refused;
  });

  it('is asked nothing any more once it is stopped', async () => {
    lease.stop();
    await time.pass(60_000);
    expect([asked, over()]).toEqual([1, undefined]);
  });
});
