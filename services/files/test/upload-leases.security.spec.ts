import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { TestPerson } from '@conclave/messaging/testing';
import { reasonOf } from './support/data-client.js';
import { filesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { gatewayProcess } from './support/gateway-process.js';
import { remainsOf, until } from './support/remains.js';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const largest = 6 * mebibyte;
const ofRoom = 8 * mebibyte;
const ofPerson = 12 * mebibyte;

describe('places for files', () => {
  let world: FilesWorld;
  const open: Socket[] = [];
  beforeAll(async () => {
    world = await filesWorld({
      config: {
        MAX_FILE_BYTES: String(largest),
        ROOM_QUOTA_BYTES: String(ofRoom),
        PERSON_QUOTA_BYTES: String(ofPerson),
      },
    });
  }, 120_000);
  afterEach(() => open.splice(0).forEach((socket) => socket.destroy()));

  const start = (person: TestPerson, slug: string, size: number) =>
    world.as(person).startUpload({ slug, name: 'a', type: '', size: BigInt(size) });

  /** Begins to send and stops behind so many bytes; the connection stays open until the test ends. */
  function sendSome(port: number, path: string, headers: string[], size: number, bytes: number): Socket {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const head = [`${path} HTTP/1.1`, 'host: localhost', ...headers, `content-length: ${size}`, '', ''].join('\r\n');
    socket.write(head);
    if (bytes > 0) socket.write(randomBytes(bytes));
    open.push(socket);
    return socket;
  }
  const put = (fileId: string, hopToken: string, size: number, bytes: number) =>
    sendSome(world.data.port, `PUT /uploads/${fileId}`, [`authorization: Hop ${hopToken}`], size, bytes);

  const personUsage = async (person: TestPerson): Promise<number> => {
    const db = await world.database.connect('superuser');
    const { rows } = await db.query<{ bytes: string }>('select bytes from person_usage where person_id = $1', [
      person.userId,
    ]);
    return Number(rows[0]?.bytes ?? 0);
  };
  const age = async (roomId: string): Promise<void> => {
    const db = await world.database.connect('superuser');
    await db.query(`update file set updated_at = now() - interval '31 seconds' where room_id = $1`, [roomId]);
  };

  it('that are promised and not filled close the room to nobody, however many', async () => {
    const room = world.rooms.room();
    const attackers = Array.from({ length: 8 }, () => world.inside(room));
    const honest = world.inside(room);
    let tries = 0;
    for (const attacker of attackers) {
      const { fileId, hopToken } = await start(attacker, room.slug, largest);
      put(fileId, hopToken, largest, 10 * kibibyte);
      tries += 1;
    }
    await until(
      () => remainsOf(world, room.id),
      ({ rows }) => rows.every(({ status }) => status === 'uploading'),
    );
    const { usage } = await remainsOf(world, room.id);
    const closed = await world.share(honest, room.slug, randomBytes(4 * mebibyte)).then(
      () => 0,
      () => 1,
    );
    process.stdout.write(`attack: slow uploads close a room: ${tries} tries, ${closed} successes\n`);
    expect([usage, closed]).toEqual([attackers.length * 256 * kibibyte, 0]);
  }, 60_000);

  it('that a dead process left behind are given to whoever needs them once their lease is over', async () => {
    const room = world.rooms.room();
    const [first, second] = [world.inside(room), world.inside(room)];
    const victim = await filesProcess(world.env);
    const { fileId, hopToken } = await start(first, room.slug, largest);
    sendSome(victim.data.port, `PUT /uploads/${fileId}`, [`authorization: Hop ${hopToken}`], largest, 5 * mebibyte);
    await until(
      () => remainsOf(world, room.id),
      ({ usage }) => usage > 4 * mebibyte,
    );
    await victim.kill();
    const refusal = await until(
      () => start(second, room.slug, 5 * mebibyte).catch((error: unknown) => error as { reason?: string }),
      // The bus may send a call to the dead process once more.
      (seen) => !('reason' in seen) || seen.reason !== 'DEADLINE_EXCEEDED',
      30_000,
    );
    expect(refusal).toMatchObject({ reason: 'QUOTA_EXCEEDED', details: { quota: 'room' } });
    await age(room.id);
    await world.share(second, room.slug, randomBytes(5 * mebibyte));
    expect((await remainsOf(world, room.id)).usage).toBe(5 * mebibyte);
    expect(await personUsage(first)).toBe(0);
  }, 60_000);

  it('end where the space ends, in the middle of a body, and leave nothing behind', async () => {
    const room = world.rooms.room();
    const [first, second] = [world.inside(room), world.inside(room)];
    const late = await start(second, room.slug, largest);
    await world.share(first, room.slug, randomBytes(4 * mebibyte));
    const answer = await world.data.put(late.fileId, late.hopToken, randomBytes(largest));
    expect([answer.status, reasonOf(answer)]).toEqual([409, 'QUOTA_EXCEEDED']);
    expect((await remainsOf(world, room.id)).usage).toBe(4 * mebibyte);
    expect(await personUsage(second)).toBe(0);
  }, 60_000);

  it('are not given beyond what a person may hold in all rooms together', async () => {
    const rooms = [world.rooms.room(), world.rooms.room(), world.rooms.room()];
    const person = world.inside(rooms[0]!);
    for (const room of rooms) world.rooms.enter(room.id, person);
    const ids = [];
    for (const room of rooms.slice(0, 2)) ids.push(await world.share(person, room.slug, randomBytes(5 * mebibyte)));
    expect(await personUsage(person)).toBe(10 * mebibyte);
    const refused = start(person, rooms[2]!.slug, 4 * mebibyte);
    await expect(refused).rejects.toMatchObject({ reason: 'QUOTA_EXCEEDED', details: { quota: 'person' } });
    await world.as(person).deleteFile({ slug: rooms[0]!.slug, fileId: ids[0]! });
    await world.share(person, rooms[2]!.slug, randomBytes(4 * mebibyte));
    expect(await personUsage(person)).toBe(9 * mebibyte);
  }, 60_000);

  it('are counted once, however often and wherever a body is sent at the same time', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const { fileId, hopToken } = await start(person, room.slug, mebibyte);
    const body = randomBytes(mebibyte);
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.data.put(fileId, hopToken, body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await remainsOf(world, room.id)).usage).toBe(mebibyte);
    expect(await personUsage(person)).toBe(mebibyte);
  });

  it('have sums that the sweep brings in order', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    await world.share(person, room.slug, randomBytes(1000));
    const db = await world.database.connect('superuser');
    await db.query('update room_usage set bytes = 77 where room_id = $1', [room.id]);
    await db.query('delete from person_usage where person_id = $1', [person.userId]);
    await world.sweep();
    expect((await remainsOf(world, room.id)).usage).toBe(1000);
    expect(await personUsage(person)).toBe(1000);
  });

  it('are given back by nobody but who holds the token, and only before bytes come', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const giveBack = (fileId: string, token: string) =>
      fetch(`http://127.0.0.1:${world.data.port}/uploads/${fileId}`, {
        method: 'DELETE',
        headers: { authorization: `Hop ${token}` },
      });
    const one = await start(person, room.slug, 100);
    const two = await start(person, room.slug, 100);
    expect((await giveBack(one.fileId, two.hopToken)).status).toBe(401);
    expect((await world.data.put(one.fileId, one.hopToken, randomBytes(100))).status).toBe(201);
    expect((await giveBack(one.fileId, one.hopToken)).status).toBe(409);
    expect((await giveBack(two.fileId, two.hopToken)).status).toBe(204);
    expect((await world.data.put(two.fileId, two.hopToken, randomBytes(100))).status).toBe(409);
    expect((await remainsOf(world, room.id)).usage).toBe(100);
  });

  it('are given back at whatever point the browser goes', async () => {
    const room = world.rooms.room();
    const attacker = world.inside(room);
    const gateway = await gatewayProcess(world.nats, world.data.port, attacker);
    const headers = [
      `origin: ${gateway.origin}`,
      'x-conclave: 1',
      `cookie: __Host-sid=cnv_ses_${'a'.repeat(43)}`,
      "x-file-name: UTF-8''a",
    ];
    const waits = [0, 1, 2, 4, 8, 12, 16, 24, 32, 64, 128, 256];
    for (const ms of waits)
      for (const bytes of [0, 300 * kibibyte]) {
        const path = `POST /api/v1/rooms/${room.slug}/files`;
        const socket = sendSome(gateway.port, path, headers, largest, bytes);
        await new Promise((resolve) => setTimeout(resolve, ms));
        socket.destroy();
      }
    const left = await until(
      () => remainsOf(world, room.id),
      ({ rows }) => rows.length > 0 && rows.every(({ status }) => status === 'failed'),
    );
    const tries = waits.length * 2;
    process.stdout.write(`attack: uploads broken off: ${tries} tries, ${left.usage} bytes kept\n`);
    expect([left.usage, left.keys]).toEqual([0, []]);
    expect(await personUsage(attacker)).toBe(0);
  }, 60_000);
});
