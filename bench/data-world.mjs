/**
 * The gateway and files as they are, as processes of their own in front of real Postgres, NATS and MinIO; where auth and rooms would
 * stand, this process answers on the bus with their keys. Several pairs may run side by side: the bytes of each go through its own.
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GIBIBYTE, MEBIBYTE } from './measure.mjs';

/** BENCH_CHECKOUT names another checkout whose services are taken, to compare before and after. */
const checkout = process.env.BENCH_CHECKOUT ?? fileURLToPath(new URL('..', import.meta.url));
const mainOf = (service) => join(checkout, 'services', service, 'dist/main.js');
const chunk = randomBytes(MEBIBYTE);
/** One person may hold 32 uploads at once. */
const uploadsOfOne = 32;

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}

/** Starts a service and waits until it says that it is ready. With BENCH_LOG all that it says is seen. */
async function start(service, env, nodeOptions = []) {
  const child = spawn(process.execPath, [...nodeOptions, mainOf(service)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let ready;
  const heard = (text) => {
    if (process.env.BENCH_LOG) process.stderr.write(text);
    if (ready === true) return;
    said += text;
    if (said.includes('"message":"ready"')) ready?.();
  };
  child.stdout.setEncoding('utf8').on('data', heard);
  child.stderr.setEncoding('utf8').on('data', heard);
  await new Promise((resolve, reject) => {
    ready = resolve;
    child.once('exit', () => reject(new Error(`${service} did not start:\n${said}`)));
  });
  ready = true;
  return child;
}

/** Starts the servers and whoever answers; `close` ends everything that was started here. */
export async function dataWorld({ suite = process.env.BENCH_SUITE ?? '02' } = {}) {
  const { testNats, testBucket, testDatabase, onFileEnd, tidyUp, freePort, sealingModule } =
    await import('@conclave/testing');
  try {
    const [nats, bucket, database, module] = await Promise.all([
      testNats(),
      testBucket(),
      testDatabase('files'),
      sealingModule(),
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'conclave-bench-'));
    onFileEnd(() => rm(folder, { recursive: true, force: true }));
    const [keks, web] = ['keks', 'web'].map((name) => join(folder, name));
    await Promise.all([keks, web].map((one) => mkdir(one)));
    await writeFile(join(keks, 'v1'), randomBytes(32).toString('base64'), { mode: 0o600 });
    await writeFile(join(web, 'index.html'), '<!doctype html><cv-root ngCspNonce="__CSP_NONCE__"></cv-root>');
    await answerAsOthers(nats, onFileEnd);
    const common = { INTERNAL_HOST: '127.0.0.1', INTERNAL_PORT: '0', NATS_URL: nats.url, LOG_LEVEL: 'warn' };
    const filesEnv = {
      ...common,
      ...{ PUBLIC_URL: 'http://localhost:8080', NATS_NKEY_SEED: nats.seeds.files, KEK_DIR: keks, KEK_ACTIVE: 'v1' },
      ...{ DATABASE_URL: database.url, DATABASE_PASSWORD: database.password },
      ...{ KEYS_DATABASE_URL: database.keysUrl, KEYS_DATABASE_PASSWORD: database.keysPassword },
      ...{ S3_ENDPOINT: bucket.endpoint, S3_REGION: bucket.region, S3_BUCKET: bucket.bucket },
      ...{ S3_ACCESS_KEY: bucket.accessKey, S3_SECRET_KEY: bucket.secretKey },
      ...{ HOP_TOKEN_KEY: randomBytes(32).toString('base64'), DATA_HOST: '127.0.0.1' },
      ...{ SEALING_SUITE: suite, SEALING_WORKERS: '0', SEALING_MODULE: module ?? '' },
      ...{ MAX_FILE_BYTES: String(16 * GIBIBYTE), ROOM_QUOTA_BYTES: String(1024 * GIBIBYTE) },
      PERSON_QUOTA_BYTES: String(1024 * GIBIBYTE),
    };
    /** A gateway and its files. `engine` names a module of engines/ in place of sealing. */
    const pair = async ({ engine, env = {}, nodeOptions = {} } = {}) => {
      const dataPort = await freePort();
      const loaded = engine ? ['--import', new URL(`engines/${engine}.mjs`, import.meta.url).href] : [];
      // LOG_LEVEL info, for `ready` is said at that level; a line for each upload is not.
      const files = await start('files', { ...filesEnv, DATA_PORT: String(dataPort), LOG_LEVEL: 'info', ...env }, [
        ...loaded,
        ...(nodeOptions.files ?? []),
      ]);
      onFileEnd(() => stop(files));
      const port = await freePort();
      const origin = `http://localhost:${port}`;
      const gateway = await start(
        'gateway',
        {
          ...common,
          ...{ PUBLIC_URL: origin, WEB_ROOT: web, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'info' },
          ...{ NATS_NKEY_SEED: nats.seeds.gateway, LIVEKIT_URL: 'http://127.0.0.1:9', RATE_LIMIT_SCALE: '10000' },
          FILES_URL: `http://127.0.0.1:${dataPort}`,
        },
        nodeOptions.gateway,
      );
      onFileEnd(() => stop(gateway));
      return new Pair({
        port,
        origin,
        pids: [gateway.pid, files.pid],
        stop: () => Promise.all([gateway, files].map(stop)),
      });
    };
    const storePid = await pidOfPort(new URL(bucket.endpoint).port);
    return { pair, bucket, module: module ?? 'none', storePid, suite, atEnd: onFileEnd, close: tidyUp };
  } catch (error) {
    await tidyUp();
    throw error;
  }
}

/** A benchmark on such a world, which ends with it. */
export async function onDataWorld(make) {
  const world = await dataWorld();
  try {
    const { storePid, suite, module } = world;
    const { facts, ...rest } = await make(world);
    return { ...rest, facts: { suite, module, storePid: storePid !== undefined, ...facts }, close: world.close };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** A way in: uploads, reads and removes as a browser would, in one room. */
class Pair {
  #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  #next = 0;

  constructor({ port, origin, pids, stop: end }) {
    Object.assign(this, { port, origin, pids, stop: end });
  }

  #headers(person) {
    return {
      'x-conclave': '1',
      origin: this.origin,
      cookie: `__Host-sid=cnv_ses_${String.fromCharCode(97 + person).repeat(43)}`,
    };
  }

  #ask(method, path, headers, person = 0) {
    return request({
      ...{
        host: '127.0.0.1',
        port: this.port,
        method,
        path: `/api/v1/rooms/benchmark-room${path}`,
        agent: this.#agent,
      },
      headers: { ...this.#headers(person), ...headers },
    });
  }

  /** Shares a file of so many bytes; answers its id. `upTo` sends no more than that and keeps the request open: see `open`. */
  async upload(bytes) {
    const { sent } = this.open(bytes, this.#next++);
    return (await sent).id;
  }

  /** Begins an upload. `sent` settles with the file; `pause` after so many bytes holds the rest back until `cut`. */
  open(bytes, number = 0, { pauseAt = bytes } = {}) {
    const person = Math.floor(number / uploadsOfOne) % 4;
    const outgoing = this.#ask('POST', '/files', { 'content-length': bytes, 'x-file-name': "UTF-8''bench" }, person);
    const answered = once(outgoing, 'response');
    let over = false;
    answered.then(
      () => (over = true),
      () => (over = true),
    );
    let room;
    outgoing.on('drain', () => room?.());
    const paused = (async () => {
      for (let at = 0; at < pauseAt && !over;) {
        const part = chunk.subarray(0, Math.min(chunk.length, pauseAt - at));
        at += part.length;
        if (!outgoing.write(part)) await Promise.race([new Promise((resolve) => (room = resolve)), answered]);
      }
      if (pauseAt === bytes) outgoing.end();
    })();
    paused.catch(() => undefined);
    const sent = (async () => {
      const [response] = await answered;
      const text = await textOf(response);
      if (response.statusCode !== 201) throw new Error(`upload answered ${response.statusCode}: ${text}`);
      return JSON.parse(text);
    })();
    sent.catch(() => undefined);
    return { sent, paused, cut: () => outgoing.destroy() };
  }

  /** Reads a file, or a range of it; answers how many bytes came. */
  async read(id, range) {
    const outgoing = this.#ask('GET', `/files/${id}/content`, range ? { range } : {});
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    if (response.statusCode !== (range ? 206 : 200)) throw new Error(`a read answered ${response.statusCode}`);
    let bytes = 0;
    response.on('data', (part) => (bytes += part.length));
    await once(response, 'end');
    return bytes;
  }

  async remove(id) {
    const outgoing = this.#ask('DELETE', `/files/${id}`);
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    await textOf(response);
    if (response.statusCode !== 204) throw new Error(`a removal answered ${response.statusCode}`);
  }
}

async function textOf(response) {
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return text;
}

/** Auth and rooms, as far as files and the gateway ask them: four people who are all in the one room. */
async function answerAsOthers(nats, onFileEnd) {
  const { Bus } = await import('@conclave/messaging');
  const { testPrincipals } = await import('@conclave/messaging/testing');
  const { auth, rooms, create, fromBinary, permissionsOf, roleToWire, subjectOf, toBinary } =
    await import('@conclave/contracts');
  const principals = await testPrincipals({ url: nats.url, seed: nats.seeds.auth });
  const asAuth = await Bus.connect({ url: nats.url, seed: nats.seeds.auth, service: 'auth' });
  const asRooms = await Bus.connect({ url: nats.url, seed: nats.seeds.rooms, service: 'rooms' });
  onFileEnd(() => Promise.all([principals.close(), asAuth.close(), asRooms.close()]));
  const people = Array.from({ length: 4 }, () => principals.person());
  const answer = (bus, service, method, make) =>
    bus.respond(subjectOf(method), service, (message) =>
      message.respond(toBinary(method.output, create(method.output, make(fromBinary(method.input, message.data))))),
    );
  const { resolveSession } = auth.SessionsService.method;
  answer(asAuth, 'auth', resolveSession, ({ sessionToken }) => {
    const person = people[sessionToken.charCodeAt(sessionToken.length - 1) - 97];
    return { principalToken: person.token, userId: person.userId, sessionId: person.sessionId };
  });
  answer(asAuth, 'auth', auth.PeopleService.method.getPeople, ({ ids }) => ({
    people: ids.map((id) => ({ id, displayName: 'Bench' })),
  }));
  const roomId = randomUUID();
  const joins = new Map();
  const joinOf = (userId) => joins.get(userId) ?? joins.set(userId, randomBytes(16).toString('hex')).get(userId);
  const { provePresence, keepPresence } = rooms.PresenceService.method;
  const permissions = permissionsOf('owner');
  answer(asRooms, 'rooms', provePresence, ({ roomSlug, userId }) => ({
    ...{ roomId, roomSlug, joinId: joinOf(userId), role: roleToWire('owner'), permissions: [...permissions] },
  }));
  asRooms.respond(subjectOf(keepPresence), 'rooms', (message) => {
    const principal = message.headers?.get('conclave-principal') ?? '';
    const { sub } = JSON.parse(Buffer.from(principal.split('.')[1] ?? '', 'base64url').toString());
    message.respond(toBinary(keepPresence.output, create(keepPresence.output, { joinId: joinOf(sub) })));
  });
  answer(asRooms, 'rooms', rooms.FeedService.method.listEvents, () => ({ events: [], next: '0' }));
  await Promise.all([asAuth.ping(), asRooms.ping()]);
}

/** The process that listens on a port of this machine; undefined where nothing tells. */
async function pidOfPort(port) {
  const { readdir, readFile, readlink } = await import('node:fs/promises');
  const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
  const lines = (await readFile('/proc/net/tcp', 'utf8').catch(() => '')).split('\n');
  const inode = lines
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A')?.[9];
  if (!inode) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const fd of open) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (target === `socket:[${inode}]`) return Number(pid);
    }
  }
  return undefined;
}
