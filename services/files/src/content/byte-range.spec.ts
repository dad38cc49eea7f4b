import { requestedBytes } from './byte-range.js';

const refusal = (header: string, size: number): string | undefined => {
  try {
    requestedBytes(header, size);
    return undefined;
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};

describe('requested bytes', () => {
  it('are the whole file without a header', () => {
    expect(requestedBytes(undefined, 10)).toEqual({ start: 0, end: 10, whole: true });
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=2-5', 2, 6],
    ['bytes=2-', 2, 10],
    ['bytes=2-99', 2, 10],
    ['bytes=-3', 7, 10],
    ['bytes=-30', 0, 10],
    ['bytes= 9-9 ', 9, 10],
  ])('follow %s', (header, start, end) => {
    expect(requestedBytes(header, 10)).toEqual({ start, end, whole: false });
  });

  it.each(['bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b', 'bytes=0x1-2'])(
    'are the whole file where %s is not one byte range',
    (header) => {
      expect(requestedBytes(header, 10)).toEqual({ start: 0, end: 10, whole: true });
    },
  );

  it.each([
    ['bytes=10-', 10],
    ['bytes=10-20', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-1', 0],
    ['bytes=9999999999999999999-', 10],
  ])('are refused for %s of %d bytes', (header, size) => {
    expect(refusal(header, size)).toBe('RANGE_NOT_SATISFIABLE');
  });
});
