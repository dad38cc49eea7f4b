import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { SealedRun } from '@conclave/sealing/node';
import { OutgoingPart } from './outgoing-part.js';

const released: number[] = [];
const run = (value: number): SealedRun => ({
  partNumber: 1,
  partLength: 4,
  bytes: [Buffer.of(value)],
  length: 1,
  crc32: crc32(Buffer.of(value)),
  release: () => released.push(value),
});
const partOf = (options: { early: boolean; keep: boolean }) =>
  new OutgoingPart(1, 4, { ...options, moved: () => undefined });
const read = async (bytes: AsyncIterable<Uint8Array> | undefined): Promise<number[]> => {
  const seen: number[] = [];
  for await (const chunk of bytes ?? []) seen.push(...chunk);
  return seen;
};

describe('a part on its way', () => {
  beforeEach(() => void released.splice(0));

  it('is sent while it is being made, and again from the front once it is whole', async () => {
    const part = partOf({ early: true, keep: true });
    part.push(run(1));
    const first = (await part.bytes())?.[Symbol.asyncIterator]();
    expect((await first?.next())?.value).toEqual(Buffer.of(1));
    part.push(run(2));
    expect((await first?.next())?.value).toEqual(Buffer.of(2));
    let begun = false;
    const again = part.bytes().finally(() => (begun = true));
    part.push(run(3));
    await turn();
    expect([begun, part.wasCut]).toEqual([false, true]);
    part.push(run(4));
    expect(await read(await again)).toEqual([1, 2, 3, 4]);
    // The attempt that was given up takes nothing any more.
    expect((await first?.next())?.done).toBe(true);
    expect(part.crc32()).toBe(crc32(Buffer.of(1, 2, 3, 4)));
    expect([part.release(), released]).toEqual([4, [1, 2, 3, 4]]);
  });

  it('that is not to be sent early waits until it is whole', async () => {
    const part = partOf({ early: false, keep: true });
    let begun = false;
    const bytes = part.bytes().finally(() => (begun = true));
    for (const value of [1, 2, 3]) part.push(run(value));
    await turn();
    expect(begun).toBe(false);
    part.push(run(4));
    expect(await read(await bytes)).toEqual([1, 2, 3, 4]);
  });

  it('that is too long to be kept is let go as it leaves, and cannot be sent again', async () => {
    const part = partOf({ early: true, keep: false });
    part.push(run(1));
    const reader = (await part.bytes())?.[Symbol.asyncIterator]();
    await reader?.next();
    expect(part.letGo()).toBe(0);
    const next = reader?.next();
    await turn();
    expect([part.letGo(), part.letGo(), released]).toEqual([1, 0, [1]]);
    part.push(run(2));
    expect((await next)?.value).toEqual(Buffer.of(2));
    expect(await part.bytes()).toBeUndefined();
  });

  it('that is ended wakes whoever waits for more of it', async () => {
    const part = partOf({ early: true, keep: true });
    part.push(run(1));
    const bytes = read(await part.bytes());
    await turn();
    part.end(new Error('over'));
    await expect(bytes).rejects.toThrow('over');
  });
});
