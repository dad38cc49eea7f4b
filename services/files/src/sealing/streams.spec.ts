import { mostOfPerson, mostStreams, Streams } from './streams.js';

const reasonOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};

describe('the streams of a process', () => {
  it('have a bound for one person, which takes nothing from others', () => {
    const streams = new Streams();
    for (let at = 0; at < mostOfPerson.upload; at += 1) streams.reserve('upload', 'one');
    expect(reasonOf(() => streams.reserve('upload', 'one'))).toBe('BUSY');
    expect(reasonOf(() => streams.reserve('upload', 'other'))).toBeUndefined();
    expect(reasonOf(() => streams.reserve('download', 'one'))).toBeUndefined();
  });

  it('have a bound for all, and a place that was given back is free once', () => {
    const streams = new Streams();
    const places = Array.from({ length: mostStreams.upload }, (_, at) => streams.reserve('upload', `${at}`));
    expect(reasonOf(() => streams.reserve('upload', 'late'))).toBe('BUSY');
    places[0]?.();
    places[0]?.();
    expect(reasonOf(() => streams.reserve('upload', 'late'))).toBeUndefined();
    expect(reasonOf(() => streams.reserve('upload', 'later'))).toBe('BUSY');
  });

  it('go the less ahead the more there are, and together never further than the memory for it', () => {
    const streams = new Streams();
    let before = Infinity;
    for (let at = 1; at <= mostStreams.upload; at += 1) {
      streams.reserve('upload', `${at}`);
      expect(streams.ahead).toBeLessThanOrEqual(before);
      expect(streams.ahead).toBeGreaterThanOrEqual(1);
      expect(streams.ahead === 1 || at * (streams.ahead + 2) <= 48).toBe(true);
      before = streams.ahead;
    }
    expect(before).toBe(1);
  });
});
