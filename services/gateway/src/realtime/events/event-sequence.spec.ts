import fc from 'fast-check';
import { create, rooms } from '@conclave/contracts';
import { changesStanding, type EventFrame } from '../feeds/event-frame.js';
import { EventSequence } from './event-sequence.js';

const frame = (seq: number | bigint, kind: 'roomUpdated' | 'participantPermissions' = 'roomUpdated'): EventFrame => ({
  seq: BigInt(seq),
  frame: Buffer.from(String(seq)),
  event: create(rooms.RoomEventSchema, { seq: BigInt(seq), event: { case: kind, value: {} } }),
});

/** A log that a writer appends to; `hidden` are numbers of events for others. */
function room(size = 0, pageSize = 3, hidden: ReadonlySet<number> = new Set()) {
  let last = size;
  let waiting = false;
  const sent: number[] = [];
  const lasts: number[] = [];
  const reads: number[] = [];
  const read = async (after: bigint) => {
    reads.push(Number(after));
    if (waiting) return { frames: [], throughSeq: after, lastSeq: after, waiting };
    const mine = upTo(Number(after), last).filter((seq) => !hidden.has(seq));
    const page = mine.slice(0, pageSize);
    const through = page.length < pageSize ? last : page.at(-1);
    return { frames: page.map((seq) => frame(seq)), throughSeq: BigInt(through ?? 0), lastSeq: BigInt(last) };
  };
  const isFor = ({ seq }: EventFrame) => !hidden.has(Number(seq));
  const changes = (frame: EventFrame) => changesStanding(frame) && isFor(frame);
  const send = ({ seq }: EventFrame, before: bigint) => {
    sent.push(Number(seq));
    lasts.push(Number(before));
  };
  return {
    append: (to: number) => (last = to),
    wait: (on: boolean) => (waiting = on),
    sent,
    lasts,
    reads,
    sequence: (after: number) => new EventSequence(BigInt(after), { read, isFor, changes, send }),
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

  it('counts what is for others without sending it, live and from the log, and says from where on nothing is missing', async () => {
    const { sequence, sent, lasts, append } = room(6, 2, new Set([2, 3, 6, 7, 9]));
    const s = sequence(0);
    await s.fill();
    append(10);
    expect([7, 8, 9, 10].map((seq) => s.offer(frame(seq)))).toEqual(Array(4).fill('in-order'));
    expect(sent).toEqual([1, 4, 5, 8, 10]);
    expect(lasts).toEqual([0, 1, 4, 5, 8]);
  });

  it('asks the log before it passes on what lies behind a change of the rights of its own person', async () => {
    const { sequence, sent, reads, append } = room(1);
    const s = sequence(1);
    append(3);
    expect(s.offer(frame(2, 'participantPermissions'))).toBe('behind');
    expect(s.offer(frame(3))).toBe('behind');
    expect(sent).toEqual([]);
    await s.fill();
    expect(sent).toEqual([2, 3]);
    expect(reads).toEqual([1]);
  });

  it('does not ask for a change of somebody else', () => {
    const { sequence, sent, reads } = room(1, 3, new Set([2]));
    const s = sequence(1);
    expect([s.offer(frame(2, 'participantPermissions')), s.offer(frame(3))]).toEqual(['in-order', 'in-order']);
    expect([sent, reads]).toEqual([[3], []]);
  });

  it('stands still while nothing is for the browser, and reads on from there', async () => {
    const { sequence, sent, reads, append, wait } = room(3);
    const s = sequence(1);
    wait(true);
    await s.fill();
    expect([s.waiting, sent]).toEqual([true, []]);
    append(5);
    expect([s.offer(frame(4)), s.offer(frame(5))]).toEqual(['in-order', 'in-order']);
    expect([sent, reads]).toEqual([[], [1]]);
    append(6);
    expect(s.offer(frame(6, 'participantPermissions'))).toBe('behind');
    wait(false);
    await s.fill();
    expect([s.waiting, sent]).toEqual([false, [2, 3, 4, 5, 6]]);
  });

  it('stands still in the middle: what was held back meanwhile is passed on later, from the log', async () => {
    const { sequence, sent, append, wait } = room(1);
    const s = sequence(1);
    append(3);
    expect(s.offer(frame(3))).toBe('behind');
    wait(true);
    await s.fill();
    expect(sent).toEqual([]);
    wait(false);
    await s.fill();
    expect(sent).toEqual([2, 3]);
  });

  it('keeps every number once and in order, however live events come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
        async (after, live, others) => {
          const hidden = new Set(others);
          const { sequence, sent, append } = room(30, 7, hidden);
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
          expect(sent).toEqual(upTo(after, 30).filter((seq) => !hidden.has(seq)));
        },
      ),
      { numRuns: 200 },
    );
  });
});
