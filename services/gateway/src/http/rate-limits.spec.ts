import { FixedClock } from '@conclave/platform';
import { limitClasses, RateLimits } from './rate-limits.js';

describe('rate limits', () => {
  it('refuse after the burst and say when again', () => {
    const clock = new FixedClock();
    const limits = new RateLimits(clock, 1);
    for (let i = 0; i < limitClasses['sign-in'].burst; i++) limits.take('sign-in', '203.0.113.9');
    expect(() => limits.take('sign-in', '203.0.113.9')).toThrow(
      expect.objectContaining({ reason: 'RATE_LIMITED', retryAfterSeconds: 6 }),
    );
    limits.take('sign-in', '198.51.100.7');
    limits.take('read', '203.0.113.9');
    clock.advance(6);
    limits.take('sign-in', '203.0.113.9');
  });

  it('are scaled by configuration', () => {
    const limits = new RateLimits(new FixedClock(), 0.05);
    limits.take('prove', 'a');
    expect(() => limits.take('prove', 'a')).toThrow(expect.objectContaining({ reason: 'RATE_LIMITED' }));
  });
});
