import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { OperatorError } from '@conclave/platform';
import type { Opener, Sealer } from './age.js';
import { DigestTap, digestOf, type Digest, type Sums } from './digest.js';
import type { PartStore } from './store.js';

/** A part with its name. */
export interface Part extends Digest {
  readonly name: string;
}

/** Compresses, seals and puts a stream, and reads it back: what counts is what lies there. */
export async function putSealed(store: PartStore, sealer: Sealer, name: string, plain: Readable): Promise<Part> {
  // Spooled, because a bucket wants to know the length first. It is sealed by then.
  const work = await mkdtemp(join(tmpdir(), 'conclave-backup-'));
  const file = join(work, 'part');
  try {
    const zipped = createGzip({ level: 6 });
    plain.on('error', (error) => zipped.destroy(error));
    await pipeline(await sealer.seal(plain.pipe(zipped)), createWriteStream(file, { mode: 0o600 }));
    const { bytes, sha256 } = await store.put(name, createReadStream(file), (await stat(file)).size);
    await requireDigest(store, name, { bytes, sha256 });
    return { name, bytes, sha256 };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * The plain bytes of a sealed part. Its end comes only when what was read is, byte for byte, what the manifest names: a part
 * that is swapped while it is read fails too.
 */
export async function openPart(store: PartStore, opener: Opener, { name, bytes, sha256 }: Part): Promise<Readable> {
  const tap = new DigestTap();
  const sealed = await store.get(name);
  sealed.on('error', (error) => tap.destroy(error));
  const zipped = await opener.open(sealed.pipe(tap), name);
  const plain = createGunzip();
  zipped.on('error', () => {
    const why = tap.errored
      ? `could not be read to its end from ${store.where}`
      : 'was changed: it does not open to its end';
    plain.destroy(new OperatorError(`${name} ${why}.`));
  });
  const proven = new Transform({
    transform: (chunk: Buffer, _encoding, next) => next(null, chunk),
    flush: (next) => {
      const { digest } = tap;
      const same = digest.bytes === bytes && digest.sha256 === sha256;
      next(same ? null : changed(name, store));
    },
  });
  plain.on('error', (error) => proven.destroy(error));
  return zipped.pipe(plain).pipe(proven);
}

/** @throws OperatorError when a part is missing or is not what it was */
export async function requireDigest(store: PartStore, name: string, expected: Digest & Partial<Sums>): Promise<void> {
  const size = await store.size(name);
  if (size === null) throw new OperatorError(`${name} is missing in ${store.where}.`);
  if (size !== expected.bytes) throw changed(name, store);
  const { sha256, crc32 } = await digestOf(await store.get(name));
  if (sha256 !== expected.sha256 || crc32 !== (expected.crc32 ?? crc32)) throw changed(name, store);
}

const changed = (name: string, { where }: PartStore): OperatorError =>
  new OperatorError(`${name} in ${where} is not what the backup put there.`);
