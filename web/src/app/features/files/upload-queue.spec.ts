import { createHash } from 'node:crypto';
import { TestBed } from '@angular/core/testing';
import { signal } from '@angular/core';
import { Api, type Upload } from '../../core/api/api';
import { ApiProblem, noAnswer } from '../../core/api/problem';
import { Uploads, type Sending } from '../../core/api/upload';
import { Network } from '../../core/device/network';
import { Session } from '../../core/session/session';
import { UPLOAD_ROWS } from '../../core/uploads/kept-uploads';
import type { KeptUpload } from '../../core/device/kept-rows';
import { pickedFile, type FileHandle } from '../../core/uploads/picked-file';
import { UploadQueue } from './upload-queue';

/** A server that keeps what it is sent; the test answers each request. */
class ServerFake {
  readonly places = new Map<string, { id: string; name: string; size: number; offset: number }>();
  asked: {
    what: string;
    name: string;
    offset: number;
    answer: (bytes?: number) => void;
    fail: (e: unknown) => void;
  }[] = [];
  readonly dropped: string[] = [];
  private last = 0;

  list = async (): Promise<readonly Upload[]> =>
    [...this.places.values()]
      .filter(({ size, offset }) => offset < size)
      .map((place) => ({ ...place, type: '', createdAt: '', expiresAt: '' }));
  begin = (
    _slug: string,
    { name, size }: { name: string; size: number },
    key: string,
    first: Blob | null,
    at: Sending,
  ) =>
    this.ask(`begin ${key}`, name, 0, at, (bytes) => {
      const place = this.places.get(key) ?? { id: `u${++this.last}`, name, size, offset: 0 };
      this.places.set(key, place);
      place.offset = bytes ?? first?.size ?? 0;
      return { id: place.id, offset: place.offset };
    });
  stand = async (_slug: string, id: string) => {
    const place = this.placeOf(id);
    if (!place) throw new ApiProblem('NOT_FOUND');
    return place.offset;
  };
  send = (_slug: string, id: string, offset: number, rest: Blob, at: Sending) =>
    this.ask('send', this.placeOf(id)?.name ?? '', offset, at, (bytes) => {
      const place = this.placeOf(id);
      if (!place) throw new ApiProblem('NOT_FOUND');
      return (place.offset = offset + (bytes ?? rest.size));
    });
  drop = async (_slug: string, id: string) => void this.dropped.push(id);

  placeOf = (id: string) => [...this.places.values()].find((place) => place.id === id);

  private ask<T>(what: string, name: string, offset: number, { signal: stop }: Sending, done: (bytes?: number) => T) {
    return new Promise<T>((resolve, reject) => {
      const answer = (bytes?: number) => resolve(done(bytes));
      this.asked.push({ what, name, offset, answer, fail: reject });
      stop.addEventListener('abort', () => reject(new ApiProblem('UPLOAD_ABORTED')));
    });
  }
}

function world(rows: KeptUpload[] = [], server = new ServerFake()) {
  const online = signal(true);
  const kept = new Map(rows.map((row) => [row.key, row]));
  const keptFor = async (work: (...parts: unknown[]) => Promise<unknown>) =>
    work(
      async () => [...kept.values()],
      (key: string) => kept.delete(key),
      (row: KeptUpload) => kept.set(row.key, row),
    );
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({
    providers: [
      UploadQueue,
      { provide: Api, useValue: { file: async () => Promise.reject(new ApiProblem('NOT_FOUND')) } },
      { provide: Uploads, useValue: server },
      { provide: Network, useValue: { online } },
      { provide: Session, useValue: { me: () => ({ id: 'me' }) } },
      { provide: UPLOAD_ROWS, useValue: keptFor },
    ],
  });
  const queue = TestBed.inject(UploadQueue);
  return { queue, server, online, kept, rows: () => [...kept.values()] };
}

async function opened(...given: Parameters<typeof world>) {
  const all = world(...given);
  await all.queue.open('room');
  return all;
}

const BIG = 5 * 1024 * 1024;
const file = (name: string, size = 3) => new File([new Uint8Array(size)], name, { lastModified: 1 });
const pick = (...names: string[]) => names.map((name) => pickedFile(file(name)));
const big = (name: string) => [pickedFile(file(name, BIG))];
const settled = async () => {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setTimeout(resolve));
};
const states = (queue: UploadQueue) => queue.views().map(({ state }) => state);
const idOf = (queue: UploadQueue, name: string) => queue.views().find((view) => view.name === name)?.id ?? 0;
const handleOf = (of: File, state: PermissionState = 'granted') =>
  ({
    kind: 'file',
    name: of.name,
    getFile: async () => of,
    queryPermission: async () => state,
  }) as unknown as FileHandle;

beforeAll(() => {
  // jsdom lacks what every browser we run in has.
  const digest = async (_how: string, bytes: ArrayBuffer) =>
    new Uint8Array(createHash('sha256').update(new Uint8Array(bytes)).digest()).buffer;
  Object.defineProperty(globalThis.crypto, 'subtle', { value: { digest }, configurable: true });
  Blob.prototype.arrayBuffer ??= function (this: Blob) {
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as ArrayBuffer);
      reader.readAsArrayBuffer(this);
    });
  };
});

describe('the queue of uploads', () => {
  it('sends three at once, the rest wait their turn; small ones need one request each', async () => {
    const { queue, server } = await opened();
    await queue.add(pick('a', 'b', 'c', 'd'));
    await settled();
    expect(states(queue)).toEqual(['sending', 'sending', 'sending', 'waiting']);
    server.asked[0]?.answer();
    await settled();
    expect(server.asked.map(({ what, name }) => `${what.split(' ')[0]} ${name}`)).toEqual([
      'begin a',
      'begin b',
      'begin c',
      'begin d',
    ]);
    expect(queue.views().map(({ name }) => name)).toEqual(['b', 'c', 'd']);
  });

  it('says once how many there are, and once that all have arrived', async () => {
    const { queue, server } = await opened();
    await queue.add(pick('a', 'b'));
    expect(queue.said()).toBe('2 files are in the queue.');
    server.asked[0]?.answer();
    await settled();
    expect([queue.said(), queue.totals().arrived]).toEqual(['2 files are in the queue.', 1]);
    server.asked[1]?.answer();
    await settled();
    expect(queue.said()).toBe('All 2 files are shared.');
  });

  it('asks the server how far it is after a broken line, and goes on there by itself', async () => {
    const { queue, server, online } = await opened();
    await queue.add(big('a'));
    await settled();
    server.asked[0]?.answer();
    await settled();
    const place = [...server.places.values()][0];
    if (!place) throw new Error('no place');
    place.offset = 1000;
    online.set(false);
    TestBed.tick();
    await settled();
    expect(queue.views()).toMatchObject([{ state: 'sending', hold: 'offline' }]);
    online.set(true);
    TestBed.tick();
    await settled();
    expect(server.asked.at(-1)).toMatchObject({ what: 'send', offset: 1000 });
    server.asked.at(-1)?.answer();
    await settled();
    expect(queue.views()).toEqual([]);
  });

  it('does not go on before the server lets it, however online it is', async () => {
    const { queue, server } = await opened();
    await queue.add(pick('a'));
    server.asked[0]?.fail(new ApiProblem('RATE_LIMITED', { retryAfterSeconds: 60 }));
    await settled();
    queue.wake();
    await settled();
    expect(server.asked).toHaveLength(1);
    expect(queue.views()).toMatchObject([{ state: 'sending', hold: 'busy' }]);
  });

  it('what is paused stays so until somebody goes on, and the next one takes its turn', async () => {
    const { queue, server } = await opened();
    await queue.add(pick('a', 'b', 'c', 'd'));
    queue.hold(idOf(queue, 'a'));
    await settled();
    expect(states(queue)).toEqual(['paused', 'sending', 'sending', 'sending']);
    queue.wake();
    server.asked[1]?.answer();
    await settled();
    expect(queue.views()[0]?.state).toBe('paused');
    await queue.resume(idOf(queue, 'a'));
    expect(queue.views()[0]?.state).toBe('sending');
  });

  it('can be put in another order, before whatever waits and behind what is on its way', async () => {
    const { queue } = await opened();
    await queue.add(pick('a', 'b', 'c', 'd', 'e', 'f'));
    queue.move(idOf(queue, 'f'), 'first');
    queue.move(idOf(queue, 'e'), 'up');
    queue.move(idOf(queue, 'b'), 'first');
    expect(queue.views().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'f', 'e', 'd']);
  });

  it('a cancelled one can be taken back and goes on where it was; otherwise the server is told', async () => {
    const { queue, server } = await opened();
    await queue.add(big('a'));
    await settled();
    server.asked[0]?.answer();
    await settled();
    const id = idOf(queue, 'a');
    void queue.cancel(id);
    await settled();
    expect(states(queue)).toEqual(['leaving']);
    queue.keepAfterAll(id);
    await settled();
    expect(states(queue)).toEqual(['sending']);
    expect(server.dropped).toEqual([]);
    void queue.cancel(id);
    // Going away ends the time in which it can be taken back.
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect([queue.views(), server.dropped]).toEqual([[], ['u1']]);
  });

  it('a refusal stays with its reason and can be tried again under the same key, which may have counted', async () => {
    const { queue, server } = await opened();
    await queue.add(pick('a'));
    server.asked[0]?.fail(new ApiProblem('QUOTA_EXCEEDED'));
    await settled();
    expect(queue.views()).toMatchObject([{ state: 'failed', error: { reason: 'QUOTA_EXCEEDED' } }]);
    await queue.resume(idOf(queue, 'a'));
    await settled();
    expect(server.asked[1]?.what).toBe(server.asked[0]?.what);
    server.asked[1]?.fail(new ApiProblem('CONFLICT', { details: { field: 'Idempotency-Key' } }));
    await settled();
    expect(server.asked[2]?.what).not.toBe(server.asked[1]?.what);
  });

  it('what is too large is not sent at all, at no try', async () => {
    const { queue, server } = await opened();
    queue.maxBytes.set(2);
    await queue.add(pick('a'));
    await queue.resume(idOf(queue, 'a'));
    await settled();
    expect(server.asked).toHaveLength(0);
    expect(queue.views()).toMatchObject([{ state: 'failed', error: { reason: 'FILE_TOO_LARGE' } }]);
  });

  it('an upload that is gone says so, and the next try is a new one', async () => {
    const { queue, server } = await opened();
    await queue.add(big('a'));
    await settled();
    server.asked[0]?.answer();
    await settled();
    server.places.clear();
    server.asked[1]?.fail(noAnswer());
    await settled();
    queue.wake();
    await settled();
    expect(queue.views()).toMatchObject([{ state: 'failed', error: { reason: 'UPLOAD_ABORTED' } }]);
    await queue.resume(idOf(queue, 'a'));
    await settled();
    expect(server.asked.at(-1)?.what).toMatch(/^begin/);
    expect(server.asked.at(-1)?.what).not.toBe(server.asked[0]?.what);
  });

  it('one that another request has taken over says so, and does not take it back by itself', async () => {
    const { queue, server } = await opened();
    await queue.add(big('a'));
    await settled();
    server.asked[0]?.answer();
    await settled();
    server.asked[1]?.fail(new ApiProblem('CONFLICT'));
    await settled();
    queue.wake();
    await settled();
    expect([states(queue), server.asked.length]).toEqual([['elsewhere'], 2]);
    await queue.resume(idOf(queue, 'a'));
    await settled();
    expect(server.asked).toHaveLength(3);
  });

  it('being outside pauses it, coming back goes on without a click, a new page of the room too', async () => {
    const { queue, server } = await opened();
    queue.outside = () => queue.close();
    await queue.add([...big('a'), ...pick('b')]);
    await settled();
    server.asked.find(({ name }) => name === 'a')?.answer();
    await settled();
    server.asked.at(-1)?.fail(new ApiProblem('NOT_PRESENT'));
    await settled();
    expect(queue.views()).toEqual([]);
    await queue.open('room');
    await settled();
    expect(queue.views().map(({ name, state }) => `${name} ${state}`)).toEqual(['a sending', 'b sending']);
    expect(
      server.asked
        .slice(-2)
        .map(({ what }) => what.split(' ')[0])
        .sort(),
    ).toEqual(['begin', 'send']);
  });
});

describe('after a reload the queue', () => {
  /** Begins one, and leaves as a reload does: with what this device has kept, and nothing else. */
  async function begun(handle: FileHandle | null, of = file('a', BIG)) {
    const before = await opened();
    await before.queue.add([{ file: of, name: of.name, handle }]);
    await settled();
    before.server.asked[0]?.answer();
    await settled();
    for (const place of before.server.places.values()) place.offset = 1000;
    before.server.asked = [];
    return { server: before.server, rows: before.rows() };
  }

  it('goes on by itself where the browser still opens the file', async () => {
    const { server, rows } = await begun(handleOf(file('a', BIG)));
    const { queue, kept } = await opened(rows, server);
    await settled();
    expect(server.asked).toMatchObject([{ what: 'send', offset: 1000 }]);
    server.asked[0]?.answer();
    await settled();
    expect([queue.views(), kept.size]).toEqual([[], 0]);
  });

  it('asks first where the browser wants to be asked', async () => {
    const { server, rows } = await begun(handleOf(file('a', BIG), 'prompt'));
    const { queue } = await opened(rows, server);
    expect(queue.views()).toMatchObject([{ state: 'asks', ask: 'permission', sent: 1000 }]);
  });

  it('asks for the file where there is no handle, and takes it from a drop as well', async () => {
    const { server, rows } = await begun(null);
    const { queue } = await opened(rows, server);
    expect(queue.views()).toMatchObject([{ name: 'a', state: 'asks', ask: 'file', sent: 1000, size: BIG }]);
    await queue.add(big('a'));
    await settled();
    expect(queue.views()).toHaveLength(1);
    expect(server.asked).toMatchObject([{ what: 'send', offset: 1000 }]);
  });

  it.each([
    ['another size', new File([new Uint8Array(BIG - 1)], 'a', { lastModified: 1 })],
    ['another time', new File([new Uint8Array(BIG)], 'a', { lastModified: 2 })],
    ['another name', new File([new Uint8Array(BIG)], 'b', { lastModified: 1 })],
    ['other bytes at its end', new File([new Uint8Array(BIG - 1), 'x'], 'a', { lastModified: 1 })],
    ['other bytes at its start', new File(['x', new Uint8Array(BIG - 1)], 'a', { lastModified: 1 })],
  ])('says that a file of %s is another one, and sends nothing of it', async (_what, other) => {
    const { server, rows } = await begun(null);
    const { queue } = await opened(rows, server);
    await queue.answer(idOf(queue, 'a'), pickedFile(other));
    expect(queue.views()).toMatchObject([{ state: 'asks', ask: 'other-file' }]);
    expect(server.asked).toEqual([]);
  });

  it('says the same of a handle behind which the file has changed', async () => {
    const changed = new File([new Uint8Array(BIG)], 'a', { lastModified: 9 });
    const { server, rows } = await begun({ ...handleOf(file('a', BIG)), getFile: async () => changed } as FileHandle);
    const { queue } = await opened(rows, server);
    expect(queue.views()).toMatchObject([{ state: 'asks', ask: 'other-file' }]);
  });

  it('keeps nothing of a file in the clear but the handle and its name', async () => {
    const { rows } = await begun(null);
    expect(rows).toMatchObject([{ name: null, handle: null }]);
    expect(rows[0]?.print).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toContain('"a"');
  });

  it('never asks for one that has ended, or that the list shows', async () => {
    const { server, rows } = await begun(null);
    const shown = await opened(rows, server);
    const [place] = server.places.values();
    // A room lists what is on its way too: that is no end.
    shown.queue.settle([{ id: place?.id, status: 'uploading' } as never]);
    expect([states(shown.queue), shown.queue.ids().has(place?.id ?? '')]).toEqual([['asks'], true]);
    shown.queue.settle([{ id: place?.id, status: 'available' } as never]);
    expect(shown.queue.views()).toEqual([]);
    server.places.clear();
    const gone = await opened(rows, server);
    expect([gone.queue.views(), gone.kept.size]).toEqual([[], 0]);
  });
});
