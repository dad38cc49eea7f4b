import { isLive, toTheMinute } from './session.js';

const lifetime = { idle: 3600, absolute: 24 * 3600 };
const now = new Date('2026-11-23T12:00:00Z');
const at = (text: string) => new Date(`2026-11-23T${text}Z`);
const session = (facts: object = {}) => ({
  endedAt: null,
  lastSeenAt: at('11:30:00'),
  expiresAt: at('18:00:00'),
  ...facts,
});

describe('a session', () => {
  it.each([
    ['lives while it is used', {}, true],
    ['is over when it was ended', { endedAt: at('11:59:59') }, false],
    ['lives on the last second of idleness', { lastSeenAt: at('11:00:01') }, true],
    ['is over after the idle time', { lastSeenAt: at('11:00:00') }, false],
    ['is over after the absolute time, however busy', { lastSeenAt: now, expiresAt: now }, false],
  ])('%s', (_what, facts, live) => {
    expect(isLive(session(facts), now, lifetime)).toBe(live);
  });

  it('remembers its last use to the minute', () => {
    expect(toTheMinute(at('12:34:56.789'))).toEqual(at('12:34:00'));
  });
});
