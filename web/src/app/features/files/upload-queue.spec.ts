import { createHash } from 'node:crypto';
import { TestBed } from '@angular/core/testing';
import { ApiProblem, noAnswer, unreadableFile } from '../../core/api/problem';
import { pickedFile, type FileHandle } from '../../core/uploads/picked-file';
import { BIG, big, file, giveBrowserParts, handleOf, idOf, opened, pick, settled, states } from './model-uploads';

beforeAll(() => giveBrowserParts((bytes) => createHash('sha256').update(bytes).digest()));

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

  it('one whose file cannot be read any longer goes on with the same one, or is replaced by what is chosen instead', async () => {
    const { queue, server } = await opened();
    const begin = async () => {
      await queue.add(big('a'));
      await settled();
      server.asked.at(-1)?.answer(1000);
      await settled();
      server.asked.at(-1)?.fail(unreadableFile());
      await settled();
      expect(queue.views()).toMatchObject([{ state: 'failed', error: { unreadable: true } }]);
    };
    await begin();
    await queue.answer(idOf(queue, 'a'), pickedFile(file('a', BIG)));
    await settled();
    expect(server.asked.at(-1)).toMatchObject({ what: 'send', offset: 1000 });
    server.asked.at(-1)?.answer();
    await settled();
    await begin();
    await queue.answer(idOf(queue, 'a'), pickedFile(file('a as it is now', 7)));
    await settled();
    expect(queue.views().map(({ name, state }) => [name, state])).toEqual([['a as it is now', 'sending']]);
    expect(server.dropped).toEqual(['u2']);
  });

  it('one whose place a look at the server has shown already stands there once', async () => {
    const { queue, server } = await opened();
    await queue.add(big('a'));
    await settled();
    // The server has begun it, and its answer is on the way.
    const key = server.asked[0]?.what.replace('begin ', '') ?? '';
    server.places.set(key, { id: 'u9', name: 'a', size: BIG, offset: 0 });
    await queue.open('room');
    server.asked[0]?.answer();
    await settled();
    expect(queue.views()).toMatchObject([{ name: 'a', state: 'sending' }]);
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

  const LARGE = 17 * 1024 * 1024;
  const like = (facts: { size?: number; name?: string; lastModified?: number; first?: string; last?: string } = {}) => {
    const { size = LARGE, name = 'a', lastModified = 1, first = '\0', last = '\0' } = facts;
    return new File([first, new Uint8Array(size - 2), last], name, { lastModified });
  };

  it.each([
    ['another size', like({ size: LARGE - 1 })],
    ['another time', like({ lastModified: 2 })],
    ['another name', like({ name: 'b' })],
    ['other bytes at its end', like({ last: 'x' })],
    ['other bytes at its start', like({ first: 'x' })],
  ])('says that a file of %s is another one, and sends nothing of it', async (_what, other) => {
    const { server, rows } = await begun(null, like());
    const { queue } = await opened(rows, server);
    await queue.answer(idOf(queue, 'a'), pickedFile(other));
    expect(queue.views()).toMatchObject([{ state: 'asks', ask: 'other-file' }]);
    expect(server.asked).toEqual([]);
  });

  it('knows a photo by its bytes, whatever name and time a phone gives it this time', async () => {
    const { server, rows } = await begun(null);
    const { queue } = await opened(rows, server);
    const changed = new File([new Uint8Array(BIG - 1), 'x'], 'a', { lastModified: 1 });
    await queue.answer(idOf(queue, 'a'), pickedFile(changed));
    expect(queue.views()).toMatchObject([{ state: 'asks', ask: 'other-file' }]);
    const again = new File([new Uint8Array(BIG)], 'image.jpg', { lastModified: 2 });
    await queue.answer(idOf(queue, 'a'), pickedFile(again));
    await settled();
    expect(server.asked).toMatchObject([{ what: 'send', name: 'a', offset: 1000 }]);
  });

  it('says the same of a handle behind which the file has changed', async () => {
    const changed = new File([new Uint8Array(BIG - 1), 'x'], 'a', { lastModified: 1 });
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
