import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { OperatorError } from '@conclave/platform';
import type { Opener, Sealer } from './age.js';
import { digestOf, type Digest } from './digest.js';
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
    const digest = await store.put(name, createReadStream(file), (await stat(file)).size);
    await requireDigest(store, name, digest);
    return { name, ...digest };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The plain bytes of a sealed part. */
export async function openPart(store: PartStore, opener: Opener, name: string): Promise<Readable> {
  const sealed = await store.get(name);
  const zipped = await opener.open(sealed, name);
  const plain = createGunzip();
  zipped.on('error', () => plain.destroy(new OperatorError(`${name} was changed: it does not open to its end.`)));
  return zipped.pipe(plain);
}

/** @throws OperatorError when a part is missing or is not what it was */
export async function requireDigest(store: PartStore, name: string, { bytes, sha256 }: Digest): Promise<void> {
  const size = await store.size(name);
  if (size === null) throw new OperatorError(`${name} is missing in ${store.where}.`);
  const found = size === bytes ? await digestOf(await store.get(name)) : { sha256: '' };
  if (found.sha256 !== sha256) throw new OperatorError(`${name} in ${store.where} is not what the backup put there.`);
}
