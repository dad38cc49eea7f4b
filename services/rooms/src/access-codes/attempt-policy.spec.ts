import { describe, expect, it } from '@jest/globals';
import { afterFailure, attemptsLeft, callerPolicy, roomPolicy, waitSeconds, type Attempts } from './attempt-policy.js';

const start = new Date('2026-11-23T12:00:00Z');
const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

function fail(times: number, policy = callerPolicy): Attempts {
  let attempts: Attempts | null = null;
  for (let i = 0; i < times; i++) attempts = afterFailure(policy, attempts, start);
  return attempts as Attempts;
}

describe('attempts at a code', () => {
  it('five are free, and each says how many are left', () => {
    expect([1, 2, 3, 4, 5].map((times) => attemptsLeft(callerPolicy, fail(times)))).toEqual([4, 3, 2, 1, 0]);
    expect(waitSeconds(fail(4), start)).toBe(0);
  });

  it('waits double up to an hour', () => {
    expect([5, 6, 7, 20].map((times) => waitSeconds(fail(times), start))).toEqual([60, 120, 240, 3_600]);
  });

  it('a wait ends by itself', () => expect(waitSeconds(fail(5), later(60))).toBe(0));

  it('after a day everything is forgotten', () => {
    const again = afterFailure(callerPolicy, fail(9), later(24 * 3_600 + 1));
    expect(again.failures).toBe(1);
    expect(again.blockedUntil).toBeNull();
  });

  it('a crowd at one room is slowed, and never locks it for more than five minutes', () => {
    expect(waitSeconds(fail(49, roomPolicy), start)).toBe(0);
    expect(waitSeconds(fail(50, roomPolicy), start)).toBe(15);
    expect(waitSeconds(fail(500, roomPolicy), start)).toBe(300);
  });
});
