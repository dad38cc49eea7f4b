import { DomainError } from '@conclave/errors';
import { FixedClock } from '../clock.js';
import { BoundedQueue } from './bounded-queue.js';
import { RateLimiter } from './rate-limiter.js';

describe('RateLimiter', () => {
  it('lets a burst pass, then as much as comes back', () => {
    const clock = new FixedClock();
    const limiter = new RateLimiter(clock, { burst: 3, perSecond: 1 / 2 });
    expect([1, 2, 3, 4].map(() => limiter.take('a').allowed)).toEqual([true, true, true, false]);
    expect(limiter.take('a').retryAfterSeconds).toBe(2);
    clock.advance(2);
    expect([1, 2].map(() => limiter.take('a').allowed)).toEqual([true, false]);
  });

  it('keys do not share', () => {
    const limiter = new RateLimiter(new FixedClock(), { burst: 1, perSecond: 1 });
    expect([limiter.take('a'), limiter.take('b')].map(({ allowed }) => allowed)).toEqual([true, true]);
  });

  it('a clock that goes back gives nothing away', () => {
    const clock = new FixedClock();
    const limiter = new RateLimiter(clock, { burst: 1, perSecond: 1 });
    limiter.take('a');
    clock.advance(-3600);
    expect(limiter.take('a').allowed).toBe(false);
  });

  it('memory stays bounded, and a busy key is not forgotten for idle ones', () => {
    const clock = new FixedClock();
    const limiter = new RateLimiter(clock, { burst: 2, perSecond: 1 / 60 }, 100);
    for (let i = 0; i < 1000; i += 1) {
      limiter.take(`other-${i}`);
      if (i % 10 === 0) limiter.take('busy');
    }
    expect(limiter.size).toBeLessThanOrEqual(100);
    expect(limiter.take('busy').allowed).toBe(false);
  });
});

describe('BoundedQueue', () => {
  const gate = () => {
    let open = () => {};
    const closed = new Promise<void>((resolve) => (open = resolve));
    return { closed, open };
  };

  it('runs so many, lets so many wait in order, refuses the rest at once', async () => {
    const queue = new BoundedQueue(1, 2, 3);
    const first = gate();
    const order: string[] = [];
    const running = queue.run(async () => {
      await first.closed;
      order.push('first');
    });
    const waiting = ['second', 'third'].map((name) => queue.run(async () => void order.push(name)));
    const refused = await queue.run(async () => undefined).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ reason: 'BUSY', retryAfterSeconds: 3 });
    expect(queue).toMatchObject({ inFlight: 1, waitingCount: 2 });
    first.open();
    await Promise.all([running, ...waiting]);
    expect(order).toEqual(['first', 'second', 'third']);
    expect(queue).toMatchObject({ inFlight: 0, waitingCount: 0 });
  });

  it('a piece of work that fails frees its place', async () => {
    const queue = new BoundedQueue(1, 1);
    await expect(queue.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(queue.run(async () => 'yes')).resolves.toBe('yes');
  });

  it('never more at once than it may, however it is used', async () => {
    const queue = new BoundedQueue(3, 1000);
    let now = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 300 }, () =>
        queue.run(async () => {
          most = Math.max(most, (now += 1));
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
          now -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
  });
});
