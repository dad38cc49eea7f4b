import { FollowingClock } from './clock.js';

describe('a clock that follows another', () => {
  const hourMs = 3_600_000;
  /** What the clock says beyond what `theirs` was told at `performance.now()` zero. */
  const ahead = (clock: FollowingClock): number => clock.now().getTime() - performance.now();
  const near = (value: number): unknown => expect.closeTo(value, -1);

  it('is the machine’s until it is told', () => {
    expect(Math.abs(new FollowingClock().now().getTime() - Date.now())).toBeLessThan(1000);
  });

  it('takes the middle of what may be right at first, and moves no further than it must later', () => {
    const clock = new FollowingClock();
    const answered = (theirsAhead: number, tookMs: number): void => {
      const askedAt = performance.now();
      clock.follow(askedAt + theirsAhead + tookMs / 2, askedAt, askedAt + tookMs);
    };
    answered(hourMs, 100);
    expect(ahead(clock)).toEqual(near(hourMs));
    // Slow answers agree with it: nothing moves.
    answered(hourMs + 400, 1000);
    answered(hourMs - 400, 1000);
    expect(ahead(clock)).toEqual(near(hourMs));
    // Quick ones do not: to the nearest that is possible.
    answered(hourMs + 1000, 100);
    expect(ahead(clock)).toEqual(near(hourMs + 950));
    answered(hourMs, 100);
    expect(ahead(clock)).toEqual(near(hourMs + 50));
  });
});
