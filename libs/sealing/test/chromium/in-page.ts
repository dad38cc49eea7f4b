/** What specs call in real Chromium. Bytes go as base64, for answers are JSON. */
import { batchWireLength, type BatchShape } from '../../src/batches.js';
import type { Manifest, Suite } from '../../src/index.js';
import { openBytes, webAeadKeys, type WebAeadKeys } from '../../src/web/aead.js';
import {
  SealingInterrupted,
  SealingWorkers,
  WebCallingThread,
  WebFileSealer,
  deriveFileKeys,
  newFileKeys,
  openStream,
  startWorker,
  type WebEngine,
  type WebFileKeys,
  type WebWorker,
} from '../../src/web/index.js';
import { FRONT, openBatch, sealBatch } from '../../src/web/segment-batch.js';
import { webBuffer } from '../../src/web/placement.js';

/** A manifest as JSON. */
export interface ManifestText extends Omit<Manifest, 'root' | 'manifestTag'> {
  readonly root: string;
  readonly manifestTag: string;
}

/** A file and its keys as JSON. */
export interface FileText {
  readonly suite: Suite;
  readonly dek: string;
  readonly fileId: string;
  readonly roomId: string;
}

/** How reading ended, and what was handed out before that. */
export interface ReadingText {
  readonly reason: string;
  readonly released: string;
}

/** A segment that is sealed or opened by itself: MAC_KEY | ENC_KEY, and where it lies in its file. */
export interface RunText extends BatchShape {
  readonly suite: Suite;
  readonly keys: string;
}

const page = globalThis as unknown as {
  readonly location: { readonly href: string };
  readonly document: { addEventListener(type: string, hear: (event: { violatedDirective: string }) => void): void };
  readonly Worker: new (url: unknown, options: object) => WebWorker;
  readonly Blob: new (parts: readonly string[]) => object;
  readonly URL: { createObjectURL(blob: object): string };
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

const manifestOf = (text: ManifestText): Manifest => ({
  ...text,
  root: bytesOf(text.root),
  manifestTag: bytesOf(text.manifestTag),
});

async function* inChunks(bytes: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const reasonOf = (error: unknown): string => (error as { reason?: string }).reason ?? String(error);

/** The worker as it lies in the sources; a build has it elsewhere. */
const workerUrl = new URL('/sealing/src/web/pool/worker.js', page.location.href);
const started: WebWorker[] = [];

const engines = {
  page: new WebCallingThread(),
  workers: new SealingWorkers({
    start: () => {
      const worker = startWorker(workerUrl);
      started.push(worker);
      return worker;
    },
  }),
};

const violations: string[] = [];
page.document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
  violations.push(violatedDirective),
);

async function readAll(
  object: Uint8Array,
  { dek, fileId, roomId }: FileText,
  manifest: Manifest,
  engine: WebEngine,
  release: (bytes: Uint8Array) => void,
): Promise<string> {
  try {
    const keys = await deriveFileKeys(bytesOf(dek), object.subarray(0, 72), fileId, roomId);
    for await (const bytes of openStream(inChunks(object.subarray(72)), { engine, keys, manifest })) release(bytes);
    return 'read';
  } catch (error) {
    return reasonOf(error);
  }
}

const keysOf = ({ suite, keys }: RunText): Promise<WebAeadKeys> => webAeadKeys(suite, bytesOf(keys));

/** A run that waits for its keys to go, four full segments. */
function batchOf(keys: WebFileKeys) {
  const shape = { first: 0, count: 4, lastLength: 65_536, final: false };
  return { ...shape, keys, buffer: webBuffer(batchWireLength(shape)) };
}

const someKeys = (): Promise<WebFileKeys> =>
  newFileKeys('02', crypto.getRandomValues(new Uint8Array(32)), {
    fileId: crypto.randomUUID(),
    roomId: crypto.randomUUID(),
  });

const nextTask = () => new Promise((resolve) => setTimeout(resolve, 1));

const inPage = {
  /** Seals a file as the product would; `where` says on which threads. */
  async seal(where: keyof typeof engines, { suite, dek, fileId, roomId }: FileText, plaintext: string) {
    const keys = await newFileKeys(suite, bytesOf(dek), { fileId, roomId });
    const bytes = bytesOf(plaintext);
    const sealer = new WebFileSealer({ engine: engines[where], keys, plaintextLength: bytes.length });
    const pieces: number[] = [];
    const object: string[] = [];
    for await (const piece of sealer.pieces(inChunks(bytes))) {
      pieces.push(piece.length);
      object.push(textOf(piece));
    }
    const { root, manifestTag, ...facts } = sealer.sealed();
    return { object, pieces, manifest: { ...facts, root: textOf(root), manifestTag: textOf(manifestTag) } };
  },

  async open(
    where: keyof typeof engines,
    object: string,
    file: FileText,
    manifest: ManifestText,
  ): Promise<ReadingText> {
    const released: number[] = [];
    const release = (bytes: Uint8Array) => {
      for (const byte of bytes) released.push(byte);
    };
    const reason = await readAll(bytesOf(object), file, manifestOf(manifest), engines[where], release);
    return { reason, released: textOf(Uint8Array.from(released)) };
  },

  /** Flips bits of an object, one at a time, and counts how reading ended; and the bytes that came out of any of it. */
  async flip(object: string, file: FileText, manifest: ManifestText, bits: readonly number[]) {
    const bytes = bytesOf(object);
    const proven = manifestOf(manifest);
    const reasons: Record<string, number> = {};
    let released = 0;
    for (const bit of bits) {
      const mask = 1 << (bit & 7);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ mask;
      const reason = await readAll(bytes, file, proven, engines.page, ({ length }) => (released += length));
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ mask;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    return { reasons, released };
  },

  /** Flips bits `from` to `to` of one sealed segment, eight at a time on copies of their own, and counts what was opened. */
  async flipSegment(
    run: RunText,
    wire: string,
    from: number,
    to: number,
  ): Promise<{ flipped: number; accepted: number }> {
    const [keys, whole] = [await keysOf(run), bytesOf(wire)];
    let [bit, accepted] = [from, 0];
    const stream = async () => {
      const buffer = webBuffer(batchWireLength(run));
      while (bit < to) {
        const mine = bit++;
        const bytes = new Uint8Array(buffer, FRONT);
        bytes.set(whole);
        bytes[mine >> 3] = (bytes[mine >> 3] ?? 0) ^ (1 << (mine & 7));
        if ((await openBatch(keys, buffer, run)) !== undefined) accepted += 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, stream));
    return { flipped: to - from, accepted };
  },

  /** One run under given IVs: the bytes that every engine has to make. */
  async sealRun(run: RunText, plaintexts: readonly string[], ivs: string): Promise<string> {
    const buffer = webBuffer(batchWireLength(run));
    plaintexts.forEach((text, at) => new Uint8Array(buffer).set(bytesOf(text), FRONT + at * 65_600 + 16));
    await sealBatch(await keysOf(run), buffer, run, bytesOf(ivs));
    return textOf(new Uint8Array(buffer, FRONT));
  },

  async openRun(run: RunText, wire: string): Promise<readonly string[] | null> {
    const buffer = webBuffer(batchWireLength(run));
    new Uint8Array(buffer).set(bytesOf(wire), FRONT);
    const opened = await openBatch(await keysOf(run), buffer, run);
    return opened?.map((plaintext) => textOf(new Uint8Array(plaintext))) ?? null;
  },

  /** Published vectors of A256CBC-HS512, which are short: as texts are sealed. */
  async openText(keys: string, aad: string, sealed: string): Promise<string | null> {
    const opened = await openBytes(await webAeadKeys('01', bytesOf(keys)), bytesOf(aad), bytesOf(sealed));
    return opened && textOf(opened);
  },

  /** What else than our own worker does under the page's policy. */
  async otherWorkers() {
    const startedBy = (url: unknown) => {
      try {
        new page.Worker(url, { type: 'module' }).terminate();
        return 'started';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const byString = startedBy(workerUrl.href);
    const byBlob = startedBy(page.URL.createObjectURL(new page.Blob(['postMessage(1)'])));
    let foreign = 'started';
    try {
      startWorker(new URL('https://elsewhere.example/worker.js'));
    } catch (error) {
      foreign = (error as Error).message;
    }
    while (violations.length < 2) await nextTask();
    return { byString, byBlob, foreign, violations };
  },

  /** Batches that are under way at the same time, and how the pool stands. */
  async manyBatches(count: number) {
    const keys = await someKeys();
    const all = Array.from({ length: count }, () => engines.workers.seal(batchOf(keys)));
    const { load } = engines.workers;
    const lengths = (await Promise.all(all)).map(({ length }) => length);
    return { load, lengths, after: engines.workers.load };
  },

  async aborted() {
    const keys = await someKeys();
    const stop = new AbortController();
    const doomed = Array.from({ length: 6 }, () => engines.workers.seal(batchOf(keys), stop.signal));
    const other = engines.workers.seal(batchOf(keys));
    const outcomes = Promise.allSettled(doomed);
    stop.abort(new Error('gone home'));
    const reasons = (await outcomes).map((each) => (each.status === 'rejected' ? String(each.reason) : 'sealed'));
    return { reasons, other: (await other).length };
  },

  /** Keys that are destroyed before, and while a worker has the batch. */
  async keysGone() {
    const [before, meanwhile] = [await someKeys(), await someKeys()];
    before.destroy();
    const late = engines.workers.seal(batchOf(meanwhile));
    meanwhile.destroy();
    const outcomes = await Promise.allSettled([engines.workers.seal(batchOf(before)), late]);
    return outcomes.map((each) => (each.status === 'rejected' ? reasonOf(each.reason) : 'sealed'));
  },

  /** A worker whose module is not there, then one that is: what was in hand fails in a word, and the next batch has a worker. */
  async missingWorker() {
    const keys = await someKeys();
    let tries = 0;
    const missing = new URL('/sealing/src/web/pool/no-such.js', page.location.href);
    const pool = new SealingWorkers({ workers: 1, start: () => startWorker(tries++ === 0 ? missing : workerUrl) });
    const [first] = await Promise.allSettled([pool.seal(batchOf(keys))]);
    const error: unknown = first?.status === 'rejected' ? first.reason : undefined;
    const { length } = await pool.seal(batchOf(keys));
    await pool.destroy();
    const closed = await pool.seal(batchOf(keys)).catch(reasonOf);
    return { reason: reasonOf(error), interrupted: error instanceof SealingInterrupted, length, tries, closed };
  },

  /** How far a source is read ahead of somebody who takes one piece and then none. */
  async readAhead() {
    let given = 0;
    let ended = false;
    async function* source() {
      try {
        for (;;) {
          given += 65_536;
          yield new Uint8Array(65_536);
        }
      } finally {
        ended = true;
      }
    }
    const keys = await someKeys();
    const sealer = new WebFileSealer({ engine: engines.workers, keys, plaintextLength: 2 ** 30 });
    const pieces = sealer.pieces(source());
    await pieces.next();
    await pieces.next();
    // As far as it goes by itself: until a message that went round the workers afterwards finds nothing more taken.
    let seen = 0;
    while (seen !== given) {
      seen = given;
      await engines.workers.seal(batchOf(keys));
    }
    await pieces.return();
    while (!ended) await nextTask();
    return { given, width: engines.workers.width };
  },

  /** How many workers there were so far. */
  workers: () => started.length,
};

Object.assign(globalThis, { inPage });
