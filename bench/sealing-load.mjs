/**
 * What F1, F1b and F7 share: the engine's batches going round through a pool, and the peers. Full segments of 64 KiB in batches of 1 MiB,
 * buffers going back and forth without a copy.
 *
 * "One core" is megabytes per second of processor time, all threads of this process together: what a core can do, whoever else uses
 * the machine (`openssl speed` counts the same way). Two workers against one is a matter of the clock on the wall.
 */
import { execFile } from 'node:child_process';
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const SEGMENT = 65_536;
const SEALED = 65_600;
const PER_BATCH = 16;
/** A multiple of a batch, and long enough that a processor's clock has found its speed. */
const BYTES = 256 * 1_048_576;
const MEGA = 1e6;

const run = promisify(execFile);

setFlagsFromString('--expose-gc');
/** What one round leaves to be collected, the stream 64 KiB at a time, would be paid for by the next. */
const collect = runInNewContext('gc');
const hashOf = { '01': 'sha512', '02': 'sha256' };

/** MB per second of the clock on the wall. */
export async function onTheWall(work) {
  collect();
  const started = performance.now();
  await work();
  return BYTES / MEGA / ((performance.now() - started) / 1_000);
}

/** MB per second of processor time, user and system. */
export async function perCore(work) {
  collect();
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return BYTES / MEGA / ((user + system) / 1e6);
}

/** Goes through BYTES with as many batches under way as the pool can use. */
async function throughPool(pool, batchOf) {
  const batches = BYTES / (SEGMENT * PER_BATCH);
  let next = 0;
  const stream = async (_, at) => {
    while (next < batches) await batchOf(next++ * PER_BATCH, at);
  };
  await Promise.all(Array.from({ length: pool.width }, stream));
}

const shapeAt = (first) => ({ first, count: PER_BATCH, lastLength: SEGMENT, final: false });

/** Seals, in place. Buffers are used again from round to round: what is measured is the sealing, not the allocator. */
export function sealing(pool, keys) {
  const buffers = Array.from({ length: pool.width }, () => new Uint8Array(randomBytes(PER_BATCH * SEALED)).buffer);
  return () =>
    throughPool(pool, async (first, at) => {
      buffers[at] = (await pool.seal({ ...shapeAt(first), keys, buffer: buffers[at] })).wire.buffer;
    });
}

/** Opens one sealed batch again and again; that it is copied in each time counts. */
export async function opening(pool, keys) {
  const buffers = Array.from({ length: pool.width }, () => new ArrayBuffer(PER_BATCH * SEALED));
  const plain = new Uint8Array(randomBytes(PER_BATCH * SEALED)).buffer;
  const sealed = Buffer.from((await pool.seal({ ...shapeAt(0), keys, buffer: plain })).wire);
  return () =>
    throughPool(pool, async (_, at) => {
      new Uint8Array(buffers[at]).set(sealed);
      buffers[at] = (await pool.open({ ...shapeAt(0), keys, buffer: buffers[at] })).buffer;
    });
}

/** One cipher or decipher and one HMAC of Node over BYTES, in chunks of 64 KiB, which is what `stream.pipe(cipher)` costs. */
export function oneStream(suite, direction) {
  const chunk = randomBytes(SEGMENT);
  const [encryption, mac] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
  return () => {
    const hmac = createHmac(hashOf[suite], mac);
    if (direction === 'seal') {
      const cipher = createCipheriv('aes-256-cbc', encryption, randomBytes(16));
      for (let at = 0; at < BYTES; at += SEGMENT) hmac.update(cipher.update(chunk));
      hmac.update(cipher.final());
    } else {
      const decipher = createDecipheriv('aes-256-cbc', encryption, randomBytes(16)).setAutoPadding(false);
      for (let at = 0; at < BYTES; at += SEGMENT) decipher.update(hmac.update(chunk) && chunk);
      decipher.final();
    }
    hmac.digest();
  };
}

export const streamLabel = (suite, direction) =>
  `one stream: ${direction === 'seal' ? 'createCipheriv' : 'createDecipheriv'}(aes-256-cbc), createHmac(${hashOf[suite]})`;

/** MB/s that `openssl speed` reports for bare AES-256-CBC. */
export async function opensslSpeed() {
  const { stdout } = await run('openssl', ['speed', '-mr', '-seconds', '1', '-bytes', '65536', '-evp', 'aes-256-cbc']);
  // +F:<number>:<name>:<bytes per second>
  const line = stdout.split('\n').find((text) => text.startsWith('+F:'));
  const figure = Number(line?.trim().split(':').at(-1));
  if (!Number.isFinite(figure)) throw new Error('openssl speed printed no figure');
  return figure / MEGA;
}

/** The version of `openssl` on PATH, if there is one. */
export const opensslVersion = () =>
  run('openssl', ['version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

/** The instructions that paths are chosen by, as the system names them. */
async function flags() {
  const told = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const all = /^(?:flags|Features)\s*: (.*)$/m.exec(told)?.[1]?.split(' ') ?? [];
  return all.filter((flag) => /^(aes|vaes|sha_ni|avx2|avx512(f|bw|vl|dq)|sha2|sha512|asimd)$/.test(flag)).join(' ');
}

/** Keys, pools and facts of one run; `close` ends the pools. Without the native engine, `native` is undefined. */
export async function sealers() {
  const { SealingPool, chooseEngine, newFileKeys } = await import('@conclave/sealing/node');
  const { findSealingModule } = await import('@conclave/servers');
  const { file, reason } = await findSealingModule();
  const pools = [];
  const poolOf = (workers, engine) => {
    const pool = new SealingPool({ workers, ...(engine && { engine }) });
    pools.push(pool);
    return pool;
  };
  /** One worker by a path of the native engine; undefined where it cannot be followed. */
  const native = (path) => {
    const choice = chooseEngine({ wish: 'auto', module: file ?? '', path });
    return choice.engine === 'native' ? { path: choice.path, pool: poolOf(1, choice) } : undefined;
  };
  const identity = { fileId: crypto.randomUUID(), roomId: crypto.randomUUID() };
  const keysOf = (suite) => newFileKeys(suite, randomBytes(32), identity).segments;
  const facts = { bytesPerRound: BYTES, flags: await flags(), nativeModule: file ?? `none: ${reason}` };
  return {
    keysOf,
    native,
    portable: (workers) => poolOf(workers),
    facts,
    close: () => Promise.all(pools.map((pool) => pool.destroy())),
  };
}
