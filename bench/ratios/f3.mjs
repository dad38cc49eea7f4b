/**
 * F3: an upload through the files service, sealed on its way, against the same bytes through a process that only passes them on
 * to the same store with the same client in parts of the same size: no key, no hash, no database. The second peer seals as one
 * would without much thought, `request.pipe(cipher)` with a running HMAC on the event loop.
 *
 * Real Postgres, NATS and MinIO; presence is answered on the bus with the key of rooms. BENCH_MIB (default 256) is the size of the file.
 */
import { fork, spawn } from 'node:child_process';
import { createCipheriv, createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MEBIBYTE = 1_048_576;
const GIBIBYTE = 1_024 * MEBIBYTE;
const MEGA = 1e6;
/** What Linux counts processor time in, on every platform it runs on. */
const TICKS_PER_SECOND = 100;
const PART = 8_396_800;
const bytes = Number(process.env.BENCH_MIB ?? 256) * MEBIBYTE;
const suite = process.env.BENCH_SUITE ?? '02';
const self = fileURLToPath(import.meta.url);
const service = new URL('../../services/files/dist/', import.meta.url);

/** Sends the file; MB per second from the first byte to the answer. */
async function send(port, path, headers) {
  const chunk = send.chunk ?? (send.chunk = randomBytes(MEBIBYTE));
  const started = performance.now();
  const outgoing = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'PUT',
    headers: { ...headers, 'content-length': bytes },
  });
  const answered = once(outgoing, 'response');
  for (let sent = 0; sent < bytes; sent += MEBIBYTE) if (!outgoing.write(chunk)) await once(outgoing, 'drain');
  outgoing.end();
  const [response] = await answered;
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 201) throw new Error(`upload answered ${response.statusCode}`);
  return bytes / MEGA / ((performance.now() - started) / 1_000);
}

/** Processor seconds a process has used so far, all its threads together; undefined where the system has no /proc. */
async function processorSeconds(pid) {
  try {
    const [, ...fields] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
    const [user, system] = fields.join(') ').split(' ').slice(11, 13).map(Number);
    return (user + system) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** Highest memory of a process so far, in MiB; undefined where the system has no /proc. */
async function peakMemory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+)/m.exec(status)?.[1];
  return kibibytes && Math.round(kibibytes / 1_024);
}

/**
 * A round that also notes what it cost its process. Processor seconds per GiB hardly depend on what else the machine does, so
 * they tell more of a change than the speed does.
 */
function noted(pid, costs, round) {
  costs.processorSecondsPerGiB = [];
  return async () => {
    const before = await processorSeconds(pid);
    const figure = await round();
    const after = await processorSeconds(pid);
    if (before === undefined || after === undefined) return figure;
    costs.processorSecondsPerGiB.push(Number((((after - before) * GIBIBYTE) / bytes).toFixed(2)));
    costs.peakMemoryMiB = await peakMemory(pid);
    return figure;
  };
}

/** The service itself, and somebody who is in a room. */
async function startOurs(close, costs) {
  const { testNats, testBucket, testDatabase, tidyUp } = await import('@conclave/testing');
  const { Bus, createClient, principalAudience, principalIssuer, principalType } = await import('@conclave/messaging');
  const { auth, files, rooms, create, subjectOf, toBinary } = await import('@conclave/contracts');
  close.push(tidyUp);
  const [nats, bucket, database] = await Promise.all([testNats(), testBucket(), testDatabase('files')]);
  const keks = await mkdtemp(join(tmpdir(), 'conclave-bench-'));
  close.push(() => rm(keks, { recursive: true, force: true }));
  await writeFile(join(keks, 'v1'), randomBytes(32).toString('base64'), { mode: 0o600 });

  const asAuth = await Bus.connect({ url: nats.url, seed: nats.seeds.auth, service: 'auth' });
  const asRooms = await Bus.connect({ url: nats.url, seed: nats.seeds.rooms, service: 'rooms' });
  const asGateway = await Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway' });
  close.push(() => Promise.all([asAuth.close(), asRooms.close(), asGateway.close()]));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { listSigningKeys } = auth.SigningKeysService.method;
  const keys = [{ kid: 'bench', publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }];
  asAuth.respond(subjectOf(listSigningKeys), 'auth', (message) =>
    message.respond(toBinary(listSigningKeys.output, create(listSigningKeys.output, { keys }))),
  );
  const { provePresence } = rooms.PresenceService.method;
  const proof = { roomId: randomUUID(), joinId: randomUUID(), role: rooms.RoomRole.OWNER };
  asRooms.respond(subjectOf(provePresence), 'rooms', (message) =>
    message.respond(toBinary(provePresence.output, create(provePresence.output, proof))),
  );

  const env = {
    PATH: process.env.PATH,
    ...{ INTERNAL_HOST: '127.0.0.1', INTERNAL_PORT: '0', PUBLIC_URL: 'http://localhost:8080', LOG_LEVEL: 'info' },
    ...{ NATS_URL: nats.url, NATS_NKEY_SEED: nats.seeds.files, KEK_DIR: keks, KEK_ACTIVE: 'v1' },
    ...{ DATABASE_URL: database.url, DATABASE_PASSWORD: database.password },
    ...{ KEYS_DATABASE_URL: database.keysUrl, KEYS_DATABASE_PASSWORD: database.keysPassword },
    ...{ S3_ENDPOINT: bucket.endpoint, S3_REGION: bucket.region, S3_BUCKET: bucket.bucket },
    ...{ S3_ACCESS_KEY: bucket.accessKey, S3_SECRET_KEY: bucket.secretKey },
    ...{ HOP_TOKEN_KEY: randomBytes(32).toString('base64'), DATA_HOST: '127.0.0.1', DATA_PORT: '0' },
    ...{
      SEALING_SUITE: suite,
      SEALING_WORKERS: '0',
      MAX_FILE_BYTES: String(bytes),
      ROOM_QUOTA_BYTES: String(4 * bytes),
      PERSON_QUOTA_BYTES: String(4 * bytes),
    },
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.js', service))], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  close.push(() => stop(child));
  const port = await new Promise((resolve, reject) => {
    let log = '';
    child.stdout.on('data', (text) => {
      log += text;
      const line = log.split('\n').find((one) => one.includes('data plane listens') && one.endsWith('}'));
      if (line && log.includes('"message":"ready"')) resolve(JSON.parse(line).port);
    });
    child.once('exit', () => reject(new Error(`files did not start: ${log}`)));
  });

  const [sub, sid] = [randomUUID(), randomUUID()];
  const principal = () => {
    const iat = Math.floor(Date.now() / 1_000);
    const claims = {
      sub,
      sid,
      jti: randomUUID(),
      name: 'Bench',
      email: 'bench@example.test',
      email_verified: true,
      roles: [],
    };
    const parts = [
      { alg: 'ES256', typ: principalType, kid: 'bench' },
      { ...claims, iss: principalIssuer, aud: principalAudience, iat, exp: iat + 60 },
    ];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const client = () => createClient(files.FilesService, asGateway, { principal: principal(), timeoutMs: 20_000 });
  const round = async () => {
    const { fileId, hopToken } = await client().startUpload({
      slug: 'bench',
      name: 'bench',
      type: '',
      size: BigInt(bytes),
    });
    const figure = await send(port, `/uploads/${fileId}`, { authorization: `Hop ${hopToken}` });
    await client().deleteFile({ slug: 'bench', fileId });
    return figure;
  };
  return { round: noted(child.pid, costs, round), env };
}

/** A process that takes the same bytes to the same store; `mode` is `plain` or `naive`. */
async function startPeer(mode, env, close, costs) {
  const child = fork(self, [mode], { env });
  close.push(() => stop(child));
  const [port] = await once(child, 'message');
  return noted(child.pid, costs, () => send(port, '/', {}));
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function prepare() {
  const tasks = [];
  const close = async () => {
    for (const task of tasks.reverse()) await task();
  };
  try {
    const costs = { ours: {}, plain: {}, naive: {} };
    const ours = await startOurs(tasks, costs.ours);
    const plain = await startPeer('plain', ours.env, tasks, costs.plain);
    const naive = await startPeer('naive', ours.env, tasks, costs.naive);
    const label = `files, sealed with suite ${suite}`;
    const ratio = (name, peer, round, atLeast) => ({
      name,
      unit: 'MB/s',
      ours: { label, round: ours.round },
      peer: { label: peer, round },
      goal: { atLeast },
    });
    return {
      facts: { bytes, suite, costs },
      ratios: [
        ratio('sealed to unencrypted', 'the same store and client, bytes passed on as they are', plain, 0.9),
        ratio(
          'sealed on workers to sealed in the stream',
          'AES-256-CBC and HMAC-SHA-256 on the event loop',
          naive,
          1.3,
        ),
      ],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The peers: receive, perhaps encrypt, store in parts. */
async function servePeer(mode) {
  const { SignedClient } = await import(new URL('adapters/object-storage/signed-client.js', service));
  const { S3ObjectStorage } = await import(new URL('adapters/object-storage/s3-object-storage.js', service));
  const { env } = process;
  const access = {
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    bucket: env.S3_BUCKET,
    accessKey: env.S3_ACCESS_KEY,
    secretKey: env.S3_SECRET_KEY,
    addressing: 'path',
  };
  const store = new S3ObjectStorage(access, new SignedClient(access, { now: () => new Date() }));
  const { signal } = new AbortController();
  const server = createServer(async (incoming, response) => {
    const key = randomBytes(24).toString('hex');
    const uploadId = await store.startParts(key, signal);
    const etags = [];
    let sending;
    for await (const { chunks, length } of inParts(mode === 'naive' ? sealedInTheStream(incoming) : incoming)) {
      if (sending) etags.push(await sending);
      sending = store.putPart(key, uploadId, etags.length + 1, { length, bytes: async () => chunks }, signal);
    }
    etags.push(await sending);
    await store.completeParts(key, uploadId, etags, signal);
    response.writeHead(201).end();
    await store.remove(key);
  });
  process.on('SIGTERM', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

/** Collects a part while the one before it is on its way, as the service does. */
async function* inParts(source) {
  let chunks = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < PART) continue;
    yield { chunks, length };
    chunks = [];
    length = 0;
  }
  yield { chunks, length };
}

async function* sealedInTheStream(source) {
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16));
  const hmac = createHmac('sha256', randomBytes(32));
  for await (const chunk of source.pipe(cipher)) {
    hmac.update(chunk);
    yield chunk;
  }
  yield hmac.digest();
}

if (process.argv[1] === self) await servePeer(process.argv[2]);

export default { id: 'F3', title: 'Upload through the service, sealed', prepare };
