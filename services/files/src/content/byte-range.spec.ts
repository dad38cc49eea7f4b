import { mostRanges, requestedBytes } from './byte-range.js';

const refusal = (header: string, size: number): string | undefined => {
  try {
    requestedBytes(header, size);
    return undefined;
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};

/** Spans as pairs of numbers. */
const spansOf = (header: string, size: number) =>
  requestedBytes(header, size).spans.map(({ start, end }) => [start, end]);

describe('requested bytes', () => {
  it('are the whole file without a header', () => {
    expect(requestedBytes(undefined, 10)).toEqual({ spans: [{ start: 0, end: 10 }], whole: true });
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=2-5', 2, 6],
    ['bytes=2-', 2, 10],
    ['bytes=2-99', 2, 10],
    ['bytes=-3', 7, 10],
    ['bytes=-30', 0, 10],
    ['bytes= 9-9 ', 9, 10],
    ['Bytes=2-5', 2, 6],
    ['bytes=,2-5, ,', 2, 6],
    ['bytes=2-5,99-', 2, 6],
    ['bytes=-0,2-5', 2, 6],
  ])('follow %s', (header, start, end) => {
    expect(requestedBytes(header, 10)).toEqual({ spans: [{ start, end }], whole: false });
  });

  it.each([
    'bytes=',
    'bytes=,',
    'bytes=-',
    'bytes=5-2',
    'lines=0-1',
    'bytes=a-b',
    'bytes=0x1-2',
    'bytes 0-1',
    'bytes=0-1;3-4',
    'bytes=0-1,x',
    'bytes=0-1,5-2',
    'bytes=1 -2',
  ])('are the whole file where %s is no list of byte ranges', (header) => {
    expect(requestedBytes(header, 10)).toEqual({ spans: [{ start: 0, end: 10 }], whole: true });
  });

  it.each([
    [
      'in the order asked for',
      'bytes=5000-5999,0-99',
      [
        [5000, 6000],
        [0, 100],
      ],
    ],
    [
      'first and last',
      'bytes=0-0,-1',
      [
        [0, 1],
        [9_999, 10_000],
      ],
    ],
    ['one where they overlap', 'bytes=0-999,500-1999', [[0, 2000]]],
    ['one where they touch', 'bytes=500-999,0-499', [[0, 1000]]],
    ['one where a part of its own costs more than the gap', 'bytes=0-99,200-299', [[0, 300]]],
    [
      'two behind a wider gap',
      'bytes=0-99,229-299',
      [
        [0, 100],
        [229, 300],
      ],
    ],
    [
      'one where a later one closes the gap',
      'bytes=0-99,5000-5099,9000-9099,50-5050',
      [
        [0, 5100],
        [9000, 9100],
      ],
    ],
    ['one for the same bytes many times', `bytes=${Array(mostRanges).fill('0-').join()}`, [[0, 10_000]]],
  ])('are %s', (_what, header, spans) => {
    expect(spansOf(header, 10_000)).toEqual(spans);
  });

  it.each([
    ['bytes=10-', 10],
    ['bytes=10-20', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-1', 0],
    ['bytes=9999999999999999999-', 10],
    ['bytes=10-,20-30', 10],
    [
      `bytes=${Array(mostRanges + 1)
        .fill('0-0')
        .join()}`,
      10,
    ],
  ])('are refused for %s of %d bytes', (header, size) => {
    expect(refusal(header, size)).toBe('RANGE_NOT_SATISFIABLE');
  });
});
