import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { File as RoomFile } from '../../core/api/api';
import { FETCH } from '../../core/api/http';
import { Network } from '../../core/device/network';
import { Toasts } from '../../shared/toast/toasts';
import { DownloadQueue, LARGE_BYTES, streamsToDisk } from './download-queue';

const file = { id: 'f1', name: 'plan.bin', size: 10 } as RoomFile;
const bytes = Uint8Array.from({ length: 10 }, (_, at) => at);

/** The disk of the person. */
class TargetFake {
  readonly written = new Map<number, number>();
  ended: 'closed' | 'aborted' | null = null;
  write = async ({ position, data }: { position: number; data: Uint8Array }) =>
    data.forEach((byte, at) => this.written.set(position + at, byte));
  truncate = async (size: number) => [...this.written.keys()].forEach((at) => at >= size && this.written.delete(at));
  close = async () => void (this.ended = 'closed');
  abort = async () => void (this.ended = 'aborted');
  whole = () => [...this.written.entries()].sort(([a], [b]) => a - b).map(([, byte]) => byte);
}

interface Asked {
  readonly range: string | undefined;
  readonly condition: string | undefined;
}

/** A server that breaks off where the test says; `tag` names the state of the file. */
function world(cuts: readonly (number | 'refused')[], tags: readonly string[] = ['"a"']) {
  const asked: Asked[] = [];
  const target = new TargetFake();
  const online = signal(true);
  const said: string[] = [];
  const answer = async (_url: unknown, init: { headers: Record<string, string>; signal: AbortSignal }) => {
    const turn = asked.length;
    const { Range: range, 'If-Range': condition } = init.headers;
    asked.push({ range, condition });
    const [cut, tag] = [cuts[turn] ?? 10, tags[Math.min(turn, tags.length - 1)] ?? ''];
    if (cut === 'refused')
      return { ok: false, status: 403, headers: new Headers(), json: async () => ({ reason: 'NOT_PRESENT' }) };
    const from = condition === tag ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
    const headers = new Headers({ ETag: tag, ...(from > 0 && { 'Content-Range': `bytes ${from}-9/10` }) });
    const parts = [bytes.slice(from, cut)];
    const read = async () => {
      const value = parts.shift();
      if (value) return { done: false, value };
      if (cut < 10) throw new TypeError('cut');
      return { done: true };
    };
    return { ok: true, status: from > 0 ? 206 : 200, headers, body: { getReader: () => ({ read }) } };
  };
  TestBed.configureTestingModule({
    providers: [
      DownloadQueue,
      { provide: FETCH, useValue: answer },
      { provide: Network, useValue: { online } },
      { provide: Toasts, useValue: { say: (text: string) => said.push(text) } },
    ],
  });
  Object.assign(globalThis, { showSaveFilePicker: async () => ({ createWritable: async () => target }) });
  const queue = TestBed.inject(DownloadQueue);
  queue.reopen('room');
  TestBed.tick();
  return { queue, target, asked, said };
}

const settled = async () => {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setTimeout(resolve));
};

describe('a large download', () => {
  afterEach(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));

  it('is written piece by piece, and stands under its name once it is whole', async () => {
    const { queue, target, asked } = world([]);
    expect(await queue.start(file)).toBe(true);
    await settled();
    expect([target.whole(), target.ended]).toEqual([[...bytes], 'closed']);
    expect([asked, queue.views()[0]?.state]).toEqual([[{}], 'done']);
  });

  it('goes on where a connection broke off, for the same state of the file only', async () => {
    const { queue, target, asked } = world([4]);
    await queue.start(file);
    await settled();
    expect(queue.views()).toMatchObject([{ state: 'receiving', hold: 'busy' }]);
    queue.wake();
    await settled();
    expect(asked[1]).toEqual({ range: 'bytes=4-', condition: '"a"' });
    expect([target.whole(), target.ended]).toEqual([[...bytes], 'closed']);
  });

  it('begins anew where it is another state of the file', async () => {
    const { queue, target } = world([4], ['"a"', '"b"']);
    await queue.start(file);
    await settled();
    queue.wake();
    await settled();
    expect([target.whole(), target.ended]).toEqual([[...bytes], 'closed']);
  });

  it('can be paused and goes on; cancelled, nothing of it stays', async () => {
    const { queue, target, asked } = world([4, 6]);
    await queue.start(file);
    await settled();
    queue.hold('f1');
    queue.wake();
    await settled();
    expect([asked.length, queue.views()[0]?.state]).toEqual([1, 'paused']);
    queue.resume('f1');
    await settled();
    expect(asked[1]?.range).toBe('bytes=4-');
    queue.cancel('f1');
    await settled();
    expect([target.ended, queue.views()]).toEqual(['aborted', []]);
  });

  it('waits while the person is on the way back in, and ends in words when they are outside', async () => {
    const { queue, target, said, asked } = world([4, 'refused']);
    queue.outside = () => queue.close();
    await queue.start(file);
    await settled();
    queue.pause();
    queue.wake();
    await settled();
    expect(asked).toHaveLength(1);
    queue.reopen('room');
    TestBed.tick();
    await settled();
    expect([target.ended, queue.views(), said.length]).toEqual(['aborted', [], 1]);
    expect(said[0]).toContain('Files open only while you are in the meeting.');
  });

  it('is left to the browser where it is small, or where the browser cannot ask', async () => {
    const { queue } = world([]);
    expect([streamsToDisk(LARGE_BYTES - 1), streamsToDisk(LARGE_BYTES)]).toEqual([false, true]);
    Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
    expect([streamsToDisk(LARGE_BYTES), await queue.start(file)]).toEqual([false, false]);
  });

  it('does not begin where somebody closes the chooser', async () => {
    const { queue, asked } = world([]);
    Object.assign(globalThis, { showSaveFilePicker: async () => Promise.reject(new DOMException('', 'AbortError')) });
    expect([await queue.start(file), queue.views(), asked]).toEqual([true, [], []]);
  });
});
