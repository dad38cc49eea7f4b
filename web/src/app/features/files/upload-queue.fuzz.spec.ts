import { createHash } from 'node:crypto';
import { TestBed } from '@angular/core/testing';
import { ApiProblem } from '../../core/api/problem';
import { pickedFile } from '../../core/uploads/picked-file';
import { BIG, file, giveBrowserParts, opened } from './model-uploads';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 20);
const STEPS = 30;

beforeAll(() => giveBrowserParts((bytes) => createHash('sha256').update(bytes).digest()));

/** Numbers that are the same in every run of the same seed. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve));
};

type World = Awaited<ReturnType<typeof opened>>;

/** What people, the network and the server may do to the queue, in any order. */
function deeds({ queue, server, online }: World, below: (most: number) => number, cancelled: Set<string>) {
  const some = () => queue.views()[below(Math.max(1, queue.views().length))]?.id ?? 0;
  const cancel = () => {
    const view = queue.views().find(({ id }) => id === some());
    if (!view) return;
    cancelled.add(view.name);
    void queue.cancel(view.id);
  };
  const request = () => {
    const open = server.asked.filter((asked) => asked.open);
    return open[below(Math.max(1, open.length))];
  };
  const line = (up: boolean) => {
    online.set(up);
    TestBed.tick();
  };
  let added = 0;
  const add = () => queue.add([pickedFile(file(`f${added++}`, below(4) === 0 ? BIG : 1 + below(9)))]);
  return [
    add,
    add,
    () => request()?.answer(),
    () => request()?.answer(),
    () => request()?.answer(below(3)),
    () => request()?.lose(below(2) === 0 ? undefined : below(3)),
    () => request()?.fail(new ApiProblem('UNAVAILABLE')),
    () => request()?.fail(new ApiProblem('QUOTA_EXCEEDED')),
    () => request()?.fail(new ApiProblem('CONFLICT', { details: { why: 'taken-over' } })),
    () => request()?.fail(new ApiProblem('NOT_PRESENT')),
    () => queue.hold(some()),
    () => queue.resume(some()),
    () => queue.move(some(), below(2) === 0 ? 'up' : 'first'),
    cancel,
    () => queue.keepAfterAll(some()),
    () => queue.holdAll(),
    () => queue.resumeAll(),
    () => queue.pause(),
    () => queue.wake(),
    () => queue.open('room'),
    () => line(false),
    () => line(true),
  ];
}

function expectOrder({ queue, server }: World): void {
  const views = queue.views();
  expect(new Set(views.map(({ id }) => id)).size).toBe(views.length);
  expect(new Set(views.map(({ name }) => name)).size).toBe(views.length);
  const sending = views.filter(({ state }) => state === 'sending' || state === 'sealing').map(({ name }) => name);
  expect(sending.length).toBeLessThanOrEqual(3);
  // Of what was cancelled the server may be asked where it lies.
  const shown = new Set(views.map(({ name }) => name));
  const asked = server.asked.filter(({ open, name }) => open && shown.has(name)).map(({ name }) => name);
  expect(new Set(asked).size).toBe(asked.length);
  // Nothing is sent of what stands still.
  expect(sending).toEqual(expect.arrayContaining(asked));
}

/** Everybody has done what they do: what is wanted goes up, as a person would bring it there. */
async function bringHome({ queue, server, online }: World): Promise<void> {
  online.set(true);
  TestBed.tick();
  dispatchEvent(new Event('pagehide'));
  for (let round = 0; round < 100; round++) {
    await queue.open('room');
    queue.wake();
    for (const { id, state } of queue.views())
      if (state === 'paused' || state === 'failed' || state === 'elsewhere') await queue.resume(id);
    for (const asked of server.asked) asked.answer();
    await turns(8);
    if (queue.views().length === 0) return;
  }
  throw new Error(`not home: ${JSON.stringify(queue.views())}`);
}

describe('whatever people, the network and the server do to the queue', () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed))(
    'nothing is lost, doubled or sent against their will: %i',
    async (seed) => {
      const below = numbersOf(seed);
      const world = await opened();
      world.queue.outside = () => world.queue.close();
      const [wanted, cancelled] = [new Set<string>(), new Set<string>()];
      const all = deeds(world, below, cancelled);
      for (let step = 0; step < STEPS; step++) {
        await all[below(all.length)]?.();
        await turns(3);
        for (const { name } of world.queue.views()) wanted.add(name);
        expectOrder(world);
      }
      await bringHome(world);
      const places = [...world.server.places.values()];
      const names = places.map(({ name }) => name);
      expect(names.length).toBe(new Set(names).size);
      expect(places.filter(({ offset, size }) => offset !== size)).toEqual([]);
      // Who was cancelled and taken back may be there; who was not has to be.
      expect(names).toEqual(expect.arrayContaining([...wanted].filter((name) => !cancelled.has(name))));
      expect(world.kept.size).toBe(0);
    },
  );
});
