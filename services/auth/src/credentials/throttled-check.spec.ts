import { jest } from '@jest/globals';
import { world } from '../../test/world.js';
import type { Allowance } from './throttle.js';

const allowance = (name: string, facts: Partial<Allowance> = {}): Allowance => ({
  key: Buffer.from(name),
  limit: { free: 2, longestWait: 60 },
  success: 'forgets',
  ...facts,
});
const no = () => Promise.resolve(false);
const yes = () => Promise.resolve(true);

describe('a throttled check', () => {
  it('refuses without asking once an allowance is used up', async () => {
    const { check } = world();
    const one = [allowance('one')];
    await check.run(one, no);
    await check.run(one, no);
    const asked = jest.fn(yes);
    await expect(check.run(one, asked)).rejects.toMatchObject({ reason: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect(asked).not.toHaveBeenCalled();
  });

  it('gives the others back when one of several is used up', async () => {
    const { check, throttle } = world();
    const [open, used] = [allowance('open'), allowance('used')];
    await check.run([used], no);
    await check.run([used], no);
    await expect(check.run([open, used], yes)).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    expect(throttle.countOf(open)).toBe(0);
  });

  it('forgets or gives back after success, as the allowance says', async () => {
    const { check, throttle } = world();
    const [own, everyone] = [allowance('own'), allowance('everyone', { success: 'gives back' })];
    await check.run([own, everyone], no);
    expect(await check.run([own, everyone], yes)).toBe(true);
    expect(throttle.countOf(own)).toBe(0);
    expect(throttle.countOf(everyone)).toBe(1);
  });

  it('does not count a check that could not be made', async () => {
    const { check, throttle } = world();
    const one = allowance('one');
    await expect(check.run([one], () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect(throttle.countOf(one)).toBe(0);
  });

  it('counts attempts before they are made: of many at one moment only the free ones are looked at', async () => {
    const { check } = world();
    const asked = jest.fn(no);
    await Promise.allSettled(Array.from({ length: 20 }, () => check.run([allowance('one')], asked)));
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
