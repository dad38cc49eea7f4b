/**
 * F1: encrypt and authenticate in memory. Ours seals runs of eight 64 KiB segments on worker threads, buffers going back and forth
 * without a copy; the first peer is what `stream.pipe(cipher)` with a running HMAC costs in Node, the second OpenSSL's bare
 * AES-256-CBC without any MAC. BENCH_SUITE (01 or 02, default 02) sets our suite.
 *
 * "One core" is megabytes per second of processor time, all threads of this process together: what a core can do, whoever else uses
 * the machine (`openssl speed` counts the same way). Two workers against one is a matter of the clock on the wall.
 */
import { execFile } from 'node:child_process';
import { createCipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const SEGMENT = 65_536;
const SEGMENTS_PER_BATCH = 8;
const BATCH = SEGMENT * SEGMENTS_PER_BATCH;
const SEALED_BATCH = 65_600 * SEGMENTS_PER_BATCH;
const BYTES = 256 * 1_048_576;
const MEGA = 1e6;

const suite = process.env.BENCH_SUITE ?? '02';

/** MB per second of the clock on the wall. */
async function onTheWall(work) {
  const started = performance.now();
  await work();
  return BYTES / MEGA / ((performance.now() - started) / 1_000);
}

/** MB per second of processor time, user and system. */
async function perCore(work) {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return BYTES / MEGA / ((user + system) / 1e6);
}

/** Seals BYTES with as many batches under way as the pool can use. */
function sealing(pool, keys) {
  // Recycled from round to round: what is measured is the sealing, not the allocator.
  const buffers = Array.from({ length: pool.width }, () => new Uint8Array(randomBytes(SEALED_BATCH)).buffer);
  return async () => {
    const batches = BYTES / BATCH;
    let next = 0;
    await Promise.all(
      buffers.map(async (_, at) => {
        while (next < batches) {
          const first = next++ * SEGMENTS_PER_BATCH;
          const shape = { first, count: SEGMENTS_PER_BATCH, lastLength: SEGMENT, final: false };
          buffers[at] = (await pool.seal({ ...shape, keys, buffer: buffers[at] })).buffer;
        }
      }),
    );
  };
}

/** One AES-256-CBC cipher and one HMAC-SHA-256 over BYTES, in chunks of 64 KiB. */
function oneStream() {
  const chunk = randomBytes(SEGMENT);
  const [encryption, mac] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
  return () => {
    const cipher = createCipheriv('aes-256-cbc', encryption, randomBytes(16));
    const hmac = createHmac('sha256', mac);
    for (let at = 0; at < BYTES; at += SEGMENT) hmac.update(cipher.update(chunk));
    hmac.update(cipher.final());
    hmac.digest();
  };
}

const run = promisify(execFile);

/** MB/s that `openssl speed` reports for bare AES-256-CBC. */
async function opensslSpeed() {
  const { stdout } = await run('openssl', ['speed', '-mr', '-seconds', '1', '-bytes', '65536', '-evp', 'aes-256-cbc']);
  // +F:<number>:<name>:<bytes per second>
  const line = stdout.split('\n').find((text) => text.startsWith('+F:'));
  const figure = Number(line?.trim().split(':').at(-1));
  if (!Number.isFinite(figure)) throw new Error('openssl speed printed no figure');
  return figure / MEGA;
}

async function prepare() {
  const { SealingPool, newFileKeys } = await import('@conclave/sealing/node');
  const identity = { fileId: crypto.randomUUID(), roomId: crypto.randomUUID() };
  const { segments } = newFileKeys(suite, randomBytes(32), identity);
  const one = new SealingPool({ workers: 1 });
  const two = new SealingPool({ workers: 2 });
  const [sealOne, sealTwo, streamOne] = [sealing(one, segments), sealing(two, segments), oneStream()];
  const ours = { label: `sealing, suite ${suite}, 1 worker`, round: () => perCore(sealOne) };
  const peer = { label: 'createCipheriv(aes-256-cbc) and createHmac(sha256)', round: () => perCore(streamOne) };
  const ratios = [
    { name: 'one core, to one stream of the standard library', unit: 'MB/cpu-s', ours, peer, goal: { atLeast: 3.5 } },
    {
      name: 'two workers to one',
      unit: 'MB/s',
      ours: { label: `sealing, suite ${suite}, 2 workers`, round: () => onTheWall(sealTwo) },
      peer: { label: `sealing, suite ${suite}, 1 worker`, round: () => onTheWall(sealOne) },
      goal: { atLeast: 1.9 },
    },
  ];
  const openssl = await run('openssl', ['version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  if (openssl !== undefined) {
    ratios.push({
      name: 'one core, with its MAC, to bare AES-256-CBC',
      unit: 'MB/cpu-s',
      ours,
      peer: { label: `openssl speed -evp aes-256-cbc (${openssl})`, round: opensslSpeed },
      goal: { atLeast: 2.0 },
    });
  }
  const close = async () => {
    await Promise.all([one.destroy(), two.destroy()]);
  };
  return { facts: { suite, bytesPerRound: BYTES, openssl: openssl ?? 'not found' }, ratios, close };
}

export default { id: 'F1', title: 'sealing in memory', prepare };
