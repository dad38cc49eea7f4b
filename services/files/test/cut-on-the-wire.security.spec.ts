import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { TestPerson } from '@conclave/messaging/testing';
import { WatchedReader, type Pace } from '@conclave/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { gatewayProcess } from './support/gateway-process.js';

/** More than all buffers on the way hold. */
const size = 48 * 1024 * 1024;
const promisedMs = 2_000;
/** Behind what was promised, for as long as it takes to see that nothing more comes. */
const watchMs = promisedMs + 500;
const paces: readonly Pace[] = ['slow', 'stopped', 'fast'];
const tries = Number(process.env['ATTACK_TRIES'] ?? 1);
/** Times are held against the promise where they are asked for, on a quiet machine; else only that the connection is gone by then. */
const measuring = process.env['EVIDENCE'] !== undefined;

/** Milliseconds from each event to the last byte, over all tries. */
const measured = new Map<string, number[]>();

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
  afterAll(report);

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
        const readers: WatchedReader[] = [];
        // The fast one last, so that it is still on its way.
        for (const pace of paces) {
          const reader = new WatchedReader(url, { cookie: `__Host-sid=cnv_ses_${'a'.repeat(43)}` }, pace);
          readers.push(reader);
          await reader.began;
        }
        event(room.id);
        const since = performance.now();
        await new Promise((resolve) => setTimeout(resolve, watchMs));
        const ends = await Promise.all(readers.map((reader) => reader.finish()));
        world.rooms.silent = false;
        const times = readers.map(({ arrivedAt }) => Math.max(0, Math.round(arrivedAt - since)));
        times.forEach((time, i) =>
          measured.set(`${what} | ${paces[i]}`, [...(measured.get(`${what} | ${paces[i]}`) ?? []), time]),
        );
        expect({ ends, late: measuring ? times.filter((time) => time > promisedMs) : [] }).toEqual({
          ends: paces.map(() => 'reset'),
          late: [],
        });
      }
    },
    30_000 + tries * 10_000,
  );

  function leave(roomId: string, tell: boolean): void {
    world.rooms.leave(roomId, person.userId, tell);
  }
});

/** The report that is kept, on request: how long after an event the last byte left. */
async function report(): Promise<void> {
  if (!process.env['EVIDENCE']) return;
  const at = (times: readonly number[], part: number) =>
    [...times].sort((a, b) => a - b)[Math.ceil(part * times.length) - 1] ?? 0;
  const rows = [...measured].map(
    ([what, times]) => `| ${what} | ${times.length} | ${at(times, 0.5)} | ${at(times, 0.99)} | ${Math.max(...times)} |`,
  );
  const text = [
    '# The last byte after a place is lost, on the wire',
    '',
    'Made by jest over `services/files/test/cut-on-the-wire` with `ATTACK_TRIES=50 EVIDENCE=1`: the real gateway, files, NATS, Postgres and',
    'object store. Milliseconds from the event to the last byte that arrived in the kernel of the reader, read or not (`/proc/net/tcp`, every',
    '20 ms; the end of the connection counts as the last byte), for readers as fast as it comes, at 64 KiB each 50 ms, and that stop after the first bytes. Every connection ended by reset.',
    '',
    '| event | reader | tries | p50 | p99 | largest |',
    '| ----- | ------ | ----- | --- | --- | ------- |',
    ...rows,
    '',
  ];
  await writeFile(new URL('../../../docs/evidence/cut-on-the-wire.md', import.meta.url), text.join('\n'));
}
