/** F9's side in the page: a browser's engine, batches of 256 KiB going round, and bare calls of WebCrypto in a worker as its peer. */
import { SealingWorkers, WebCallingThread, newFileKeys, startWorker } from '/sealing/web/index.js';

const SEGMENT = 65_536;
const SEALED = 65_600;
const PER_BATCH = 4;
/** Free bytes in front of a batch. */
const FRONT = 32;
const MEGA = 1e6;

const at = (path) => new URL(path, location.href);
const workers = (count) =>
  new SealingWorkers({ workers: count, start: () => startWorker(at('/sealing/web/pool/worker.js')) });
const engines = { one: workers(1), two: workers(2), page: new WebCallingThread() };
const shape = { first: 0, count: PER_BATCH, lastLength: SEGMENT, final: false };
const raw = startWorker(at('/bench/raw-worker.mjs'));
const keys = {};

/** Random bytes of a batch; the CSPRNG gives 64 KiB at most. */
function randomBatch() {
  const bytes = new Uint8Array(FRONT + PER_BATCH * SEALED);
  for (let from = 0; from < bytes.length; from += SEGMENT) crypto.getRandomValues(bytes.subarray(from, from + SEGMENT));
  return bytes.buffer;
}

/** MB per second of the clock on the wall, as many batches under way as the engine can use. */
async function throughEngine(engine, bytes, work) {
  let left = bytes / (SEGMENT * PER_BATCH);
  const stream = async (_, index) => {
    while (left-- > 0) await work(index);
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: engine.width }, stream));
  return bytes / MEGA / ((performance.now() - started) / 1_000);
}

globalThis.inPage = {
  async prepare(suite) {
    const ids = { fileId: crypto.randomUUID(), roomId: crypto.randomUUID() };
    keys[suite] = await newFileKeys(suite, crypto.getRandomValues(new Uint8Array(32)), ids);
  },

  /** Buffers go to the workers and come back, again and again. */
  async seal(where, suite, bytes) {
    const engine = engines[where];
    const buffers = Array.from({ length: engine.width }, randomBatch);
    return throughEngine(engine, bytes, async (index) => {
      buffers[index] = (await engine.seal({ ...shape, keys: keys[suite], buffer: buffers[index] })).buffer;
    });
  },

  /** One sealed batch, copied in each time. */
  async open(where, suite, bytes) {
    const engine = engines[where];
    const sealed = await engine.seal({ ...shape, keys: keys[suite], buffer: randomBatch() });
    const wire = sealed.buffer.slice(0);
    return throughEngine(engine, bytes, () => engine.open({ ...shape, keys: keys[suite], buffer: wire.slice(0) }));
  },

  /** Nothing but the calls: encrypt 64 KiB, sign what came of it; as many under way as one worker has with us. */
  raw(suite, bytes) {
    return new Promise((resolve, reject) => {
      raw.addEventListener('message', ({ data }) => resolve(data), { once: true });
      raw.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
      raw.postMessage(
        { hash: suite === '01' ? 'SHA-512' : 'SHA-256', bytes, segment: SEGMENT, width: 2 * PER_BATCH },
        [],
      );
    });
  },
};
