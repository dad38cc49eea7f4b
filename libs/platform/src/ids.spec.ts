import { FixedClock, SystemClock } from './clock.js';
import { Ids, timeOfUuidv7 } from './ids.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('Ids', () => {
  it('uuidv7 carries the time and the version of RFC 9562', () => {
    const id = new Ids(new FixedClock('2022-02-22T19:22:22.000Z')).uuidv7();
    expect(id).toMatch(UUID_V7);
    expect(id.slice(0, 13)).toBe('017f22e2-79b0'); // the example of RFC 9562, appendix A.6
  });

  it('ids of one process strictly increase, in one millisecond and when the clock goes back', () => {
    const clock = new FixedClock();
    const ids = new Ids(clock);
    const made = Array.from({ length: 10_000 }, () => ids.uuidv7());
    clock.advance(-3600);
    made.push(...Array.from({ length: 10_000 }, () => ids.uuidv7()));
    clock.advance(7200);
    made.push(ids.uuidv7());
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
    expect(made.every((id) => UUID_V7.test(id))).toBe(true);
  });

  it('a token has 256 bits behind its prefix', () => {
    const token = new Ids(new SystemClock()).randomToken('cnv_');
    expect(token).toMatch(/^cnv_[A-Za-z0-9_-]{43}$/);
  });

  it('a slug is readable and says all of its 64 bits', () => {
    const slug = (hex: string) => new Ids(new SystemClock(), () => Buffer.from(hex, 'hex')).slug();
    expect(slug('7f0000013f54dcc1')).toBe('lusab-babad-gutih-tugad'); // the examples of arXiv 0901.4016
    expect(slug('0000000000000000')).toBe('babab-babab-babab-babab');
    expect(slug('0000000000000001')).toBe('babab-babab-babab-babad');
  });

  it('a code has no characters that look like others', () => {
    const code = new Ids(new SystemClock()).code(3, 4);
    expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/);
  });
});

describe('the time of an id', () => {
  it('is when it was made, and what is no UUIDv7 does not tell', () => {
    const made = new Ids(new FixedClock('2026-11-26T20:00:00.123Z')).uuidv7();
    expect(timeOfUuidv7(made)).toEqual(new Date('2026-11-26T20:00:00.123Z'));
    expect(timeOfUuidv7('6f9619ff-8b86-4d01-b42d-00cf4fc964ff')).toBeNull();
    expect(timeOfUuidv7('')).toBeNull();
  });
});
