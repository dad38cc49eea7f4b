/**
 * F8: an object that we seal, put into MinIO, against MinIO encrypting it itself (SSE-C): the same client of files, the same parts, TLS
 * to the same store, one process. Ours carries the checksum that files sends; SSE-C carries none. BENCH_MIB (default 512).
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { FileSealer, SealingPool, chooseEngine } from '@conclave/sealing/node';
import { costOf, MEBIBYTE } from '../measure.mjs';

const bytes = Number(process.env.BENCH_MIB ?? 512) * MEBIBYTE;
const PART = 8_396_800;
const MEGA = 1e6;
const suite = process.env.BENCH_SUITE ?? '02';
const service = new URL('../../services/files/dist/adapters/object-storage/', import.meta.url);
const chunk = randomBytes(MEBIBYTE);
const { signal } = new AbortController();

async function* plaintext() {
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk;
}

/** Parts of the same length as the sealed ones, of bytes as they are. */
async function* plainParts() {
  for (let left = bytes; left > 0; left -= PART) {
    const length = Math.min(left, PART);
    const pieces = [];
    for (let at = 0; at < length; at += chunk.length)
      pieces.push(chunk.subarray(0, Math.min(chunk.length, length - at)));
    yield { length, bytes: pieces, crc32: 0, release: () => undefined };
  }
}

async function prepare() {
  const { testTlsStore, sealingModule, tidyUp } = await import('@conclave/testing');
  const { SignedClient } = await import(new URL('signed-client.js', service));
  const { S3ObjectStorage } = await import(new URL('s3-object-storage.js', service));
  try {
    const tls = await testTlsStore();
    const access = {
      endpoint: tls.endpoint,
      region: tls.region,
      bucket: 'bench',
      ca: tls.ca,
      addressing: 'path',
      ...tls.root,
    };
    const clock = { now: () => new Date() };
    const client = new SignedClient(access, clock);
    await client.send({ method: 'PUT', key: '', signal }).then(({ body }) => body.dump());
    const storage = new S3ObjectStorage(client);
    const module = await sealingModule();
    const engine = new SealingPool({ engine: chooseEngine({ wish: 'auto', module }) });

    /** One part goes while the next is made. */
    const put = async (store, key, parts) => {
      const id = await store.startParts(key, signal);
      const names = [];
      let sending = Promise.resolve();
      let number = 0;
      for await (const part of parts) {
        await sending;
        const at = ++number;
        const body = { length: part.length, crc32: () => part.crc32, bytes: async () => iterate(part.bytes) };
        sending = store.putPart(key, id, at, body, signal).then((etag) => {
          names.push({ number: at, etag });
          part.release();
        });
      }
      await sending;
      await store.completeParts(key, id, names, signal);
      await store.remove(key);
    };
    const measured = async (work) => {
      const { seconds, processorSeconds } = await costOf([process.pid], work);
      return { wall: bytes / MEGA / seconds, processor: bytes / MEGA / processorSeconds };
    };
    const sealed = () =>
      measured(async () => {
        const identity = { fileId: randomUUID(), roomId: randomUUID() };
        const sealer = new FileSealer({ ...identity, engine, suite, dek: randomBytes(32), plaintextLength: bytes });
        await put(storage, randomUUID(), sealer.parts(plaintext()));
      });
    const key = randomBytes(32);
    const customer = {
      'x-amz-server-side-encryption-customer-algorithm': 'AES256',
      'x-amz-server-side-encryption-customer-key': key.toString('base64'),
      'x-amz-server-side-encryption-customer-key-md5': createHash('md5').update(key).digest('base64'),
    };
    /** The same client, which adds the customer's key to what begins a write and to each part, and stores without a checksum. */
    const withKey = {
      send: (request) => {
        const isPart = request.query && ('uploads' in request.query || 'partNumber' in request.query);
        return client.send({ ...request, headers: { ...request.headers, ...(isPart && customer) } });
      },
    };
    const unchecked = (by) => {
      const store = new S3ObjectStorage(by);
      const found = { checksums: false, partChecksums: false, writeOnce: true, writeOnceParts: true };
      store.requests.abilities = async () => found;
      return store;
    };
    const [sse, plain] = [unchecked(withKey), unchecked(client)];
    const sides = {
      ours: { label: `sealed here, suite ${suite}, with its checksum`, round: sealed },
      sse: { label: 'SSE-C, encrypted by MinIO', round: () => measured(() => put(sse, randomUUID(), plainParts())) },
      plain: { label: 'encrypted by nobody', round: () => measured(() => put(plain, randomUUID(), plainParts())) },
    };
    const common = { unit: 'MB/s', figure: 'wall', ours: 'ours' };
    return {
      facts: { bytes, suite, module: module ?? 'none' },
      sides,
      judged: [
        { ...common, name: 'sealed PUT to SSE-C', peer: 'sse', goal: { atLeast: 0.9 } },
        { ...common, name: 'sealed PUT to a plain one', peer: 'plain', goal: { atLeast: 0.9 } },
      ],
      close: async () => {
        await Promise.all([client.close(), engine.destroy()]);
        await tidyUp();
      },
    };
  } catch (error) {
    await tidyUp();
    throw error;
  }
}

async function* iterate(pieces) {
  yield* pieces;
}

export default { id: 'F8', title: 'Sealed by us, or encrypted by the store', prepare };
