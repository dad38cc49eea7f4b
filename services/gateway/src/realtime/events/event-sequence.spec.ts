import fc from 'fast-check';
import type { EventFrame } from './event-frame.js';
import { EventSequence } from './event-sequence.js';

const frame = (seq: number | bigint): EventFrame => ({ seq: BigInt(seq), frame: Buffer.from(String(seq)) });

/** A log that a writer appends to. */
function room(size = 0, pageSize = 3) {
  let last = size;
  const sent: number[] = [];
  const read = async (after: bigint) => ({
    frames: Array.from({ length: Math.max(0, Math.min(pageSize, last - Number(after))) }, (_, i) =>
      frame(Number(after) + 1 + i),
    ),
    lastSeq: BigInt(last),
  });
  return {
    append: (to: number) => (last = to),
    sent,
    sequence: (after: number) => new EventSequence(BigInt(after), read, ({ seq }) => sent.push(Number(seq))),
  };
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + 1 + i);

describe('event sequence', () => {
  it('fills from the last number that was seen, over many pages', async () => {
    const { sequence, sent } = room(10);
    await sequence(2).fill();
    expect(sent).toEqual(upTo(2, 10));
  });

  it('passes live events on, each once', () => {
    const { sequence, sent } = room();
    const s = sequence(0);
    expect([1, 1, 2, 1, 3].map((seq) => s.offer(frame(seq)))).toEqual(Array(5).fill('in-order'));
    expect(sent).toEqual([1, 2, 3]);
  });

  it('reads the log where a live event is missing', async () => {
    const { sequence, sent, append } = room();
    const s = sequence(0);
    append(3);
    expect(s.offer(frame(3))).toBe('behind');
    await s.fill();
    expect(sent).toEqual([1, 2, 3]);
  });

  it('holds live events back while it fills', async () => {
    const { sequence, sent, append } = room(5);
    const s = sequence(0);
    const filled = s.fill();
    append(7);
    expect(s.offer(frame(7))).toBe('behind');
    expect(s.offer(frame(6))).toBe('behind');
    await filled;
    expect(sent).toEqual(upTo(0, 7));
  });

  it('waits for a number that is being committed, and gives up where it never comes', async () => {
    const { sequence, sent, append } = room(1);
    const s = sequence(1);
    s.offer(frame(3));
    setTimeout(() => append(3), 60);
    await s.fill();
    expect(sent).toEqual([2, 3]);
    s.offer(frame(9));
    await expect(s.fill()).rejects.toThrow('gap');
  });

  it('keeps every number once and in order, however live events come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }),
        async (after, live) => {
          const { sequence, sent, append } = room(30, 7);
          append(30);
          const s = sequence(after);
          const first = s.fill();
          const fills: Promise<void>[] = [];
          for (const seq of live) {
            if (s.offer(frame(seq)) === 'behind') fills.push(s.fill());
            if (seq % 3 === 0) await Promise.resolve();
          }
          await Promise.all([first, ...fills]);
          await s.fill();
          expect(sent).toEqual(upTo(after, 30));
        },
      ),
      { numRuns: 200 },
    );
  });
});
