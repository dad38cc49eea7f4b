import { randomBytes } from 'node:crypto';
import type { TestPerson } from '@conclave/messaging/testing';
import { LastBytes, WatchedReaders } from '@conclave/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { gatewayProcess } from './support/gateway-process.js';

/** More than all buffers on the way hold. */
const size = 48 * 1024 * 1024;
const promisedMs = 2_000;
/** Behind what was promised, for as long as it takes to see that nothing more comes. */
const watchMs = promisedMs + 500;
const tries = Number(process.env['ATTACK_TRIES'] ?? 1);
/** Times are held against the promise where they are asked for, on a quiet machine; else only that the connection is gone by then. */
const measuring = process.env['EVIDENCE'] !== undefined;

const lastBytes = new LastBytes();

describe('on the wire, as the kernel of the reader has it,', () => {
  let world: FilesWorld;
  let person: TestPerson;
  let gateway: Awaited<ReturnType<typeof gatewayProcess>>;
  let room: { id: string; slug: string };
  let url: string;

  beforeAll(async () => {
    world = await filesWorld();
    person = world.principals.person();
    gateway = await gatewayProcess(world.nats, world.data.port, person);
    room = world.rooms.room();
    world.rooms.enter(room.id, person);
    const fileId = await world.share(person, room.slug, randomBytes(size));
    url = `http://127.0.0.1:${gateway.port}/api/v1/rooms/${room.slug}/files/${fileId}/content`;
  }, 120_000);
  afterAll(async () => {
    if (!measuring) return;
    await lastBytes.report(new URL('../../../docs/evidence/cut-at-the-gateway.md', import.meta.url), [
      'Made by `npm test -- evidence`: the real gateway, files, NATS, Postgres and object store; rooms and auth are played, so that they can',
      'also fall silent. An event is over when it is sent.',
    ]);
  });

  it.each([
    ['a kick, a leave, an end, a deletion or a revoked invitation', (id: string) => leave(id, true)],
    ['a sign-out', () => gateway.endSession()],
    ['an end that nobody told', (id: string) => leave(id, false)],
    ['the silence of rooms', () => (world.rooms.silent = true)],
  ])(
    'no byte leaves the gateway later than two seconds after %s, however it is read, and the connection ends by reset',
    async (what, event) => {
      for (let round = 0; round < tries; round++) {
        leave(room.id, false);
        world.rooms.enter(room.id, person);
        const readers = await WatchedReaders.begin(url, { cookie: `__Host-sid=cnv_ses_${'a'.repeat(43)}` });
        const partings = await readers.through(
          () => event(room.id),
          watchMs,
          () => undefined,
        );
        world.rooms.silent = false;
        lastBytes.add(what, partings);
        const late = partings.filter(({ ms }) => measuring && ms > promisedMs);
        expect({ ends: partings.map(({ end }) => end), late }).toEqual({ ends: ['reset', 'reset', 'reset'], late: [] });
      }
    },
    30_000 + tries * 10_000,
  );

  function leave(roomId: string, tell: boolean): void {
    world.rooms.leave(roomId, person.userId, tell);
  }
});
