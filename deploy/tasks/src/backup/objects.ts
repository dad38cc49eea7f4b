import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { OperatorError } from '@conclave/platform';
import { connect, type Databases } from './databases.js';
import { digestOf, type Sums } from './digest.js';
import {
  objectName,
  partName,
  readManifest,
  type BackedObject,
  type IndexedObject,
  type Manifest,
} from './manifest.js';
import { requireDigest } from './parts.js';
import { Signers, type Signer } from './signature.js';
import type { PartStore } from './store.js';

const atOnce = 4;

/** What copying came to. */
export interface CopiedObjects {
  readonly copied: number;
  /** Lay there from an earlier backup. */
  readonly known: number;
  /** What lies in the backup now. */
  readonly there: readonly BackedObject[];
  /** What the index names and the bucket could not give. */
  readonly absent: readonly string[];
  /** Those of them whose file is there still: something is wrong with the bucket. */
  readonly problems: readonly string[];
}

/** Runs work over items, some at a time. */
export async function overAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const one = async (): Promise<void> => {
    for (const item of { [Symbol.iterator]: () => queue }) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

/** Whether what was read is what the index names. */
const isNamed = ({ sha256, crc32 }: IndexedObject, found: Sums): boolean =>
  (sha256 ?? found.sha256) === found.sha256 && (crc32 ?? found.crc32) === found.crc32;

/**
 * Objects that lie there already, by what an earlier backup of ours found when it copied them. Without a signature of ours the
 * list says nothing where backups are signed; what is not in it is read.
 */
export async function earlierObjects(
  store: PartStore,
  newest: string | undefined,
  signer: Signer | undefined,
): Promise<ReadonlyMap<string, BackedObject>> {
  if (newest === undefined) return new Map();
  try {
    const manifest = await readManifest(store, newest, signer && new Signers([signer.name]));
    return new Map((await readObjectList(store, manifest)).map((object) => [object.key, object]));
  } catch (error) {
    if (error instanceof OperatorError) return new Map();
    throw error;
  }
}

/** The hash of an object that lies there already; undefined when none of its length does, or another one. */
async function knownHash(
  object: IndexedObject,
  to: PartStore,
  earlier: ReadonlyMap<string, BackedObject>,
): Promise<string | undefined> {
  const { key, bytes, sha256, crc32 } = object;
  if ((await to.size(objectName(key))) !== bytes) return undefined;
  if (sha256 !== undefined) return sha256;
  const listed = earlier.get(key);
  if (listed?.bytes === bytes && listed.crc32 === crc32) return listed.sha256;
  const found = await digestOf(await to.get(objectName(key)));
  return isNamed(object, found) ? found.sha256 : undefined;
}

/**
 * Copies the objects that are not there yet, and hashes what it copies. The index names a checksum of each, so a copy is known to be
 * the object that was sealed. One that is gone meanwhile because its file was deleted is no loss.
 */
export async function copyObjects(
  objects: readonly IndexedObject[],
  from: PartStore,
  to: PartStore,
  { databases, earlier }: { databases: Databases; earlier: ReadonlyMap<string, BackedObject> },
): Promise<CopiedObjects> {
  let copied = 0;
  let known = 0;
  const hashes = new Map<string, string>();
  const faulty: { key: string; fault: string }[] = [];
  await overAll(objects, async (object) => {
    const { key, bytes } = object;
    const name = objectName(key);
    const hash = await knownHash(object, to, earlier);
    if (hash !== undefined) {
      hashes.set(key, hash);
      known += 1;
      return;
    }
    if ((await from.size(key)) === null) return void faulty.push({ key, fault: 'is missing in the bucket' });
    const digest = await to.put(name, await from.get(key), bytes).catch(async (error: unknown) => {
      if ((await from.size(key)) === null) return null;
      throw error;
    });
    if (digest === null) return void faulty.push({ key, fault: 'is missing in the bucket' });
    if (digest.bytes !== bytes || !isNamed(object, digest)) {
      await to.remove(name);
      return void faulty.push({ key, fault: 'is not what was sealed: its checksum differs from the index' });
    }
    // What counts is what lies there now.
    await requireDigest(to, name, digest);
    hashes.set(key, digest.sha256);
    copied += 1;
    return undefined;
  });
  const living = await stillAvailable(
    faulty.map(({ key }) => key),
    databases,
  );
  const problems = faulty.filter(({ key }) => living.has(key)).map(({ key, fault }) => `object ${key} ${fault}`);
  const absent = new Set(faulty.map(({ key }) => key));
  const there = objects.flatMap((object) => {
    const sha256 = hashes.get(object.key);
    return sha256 === undefined ? [] : [{ ...object, sha256 }];
  });
  await requireAllThere(there, to);
  return { copied, known, there, absent: [...absent].sort(), problems };
}

/** Between the look at an object and the manifest a run beside this one may have thrown it away; then there is no manifest. */
async function requireAllThere(objects: readonly BackedObject[], to: PartStore): Promise<void> {
  const names = new Set<string>();
  for await (const name of to.list(objectName(''))) names.add(name);
  const gone = objects.find(({ key }) => !names.has(objectName(key)));
  if (gone)
    throw new OperatorError(
      `${objectName(gone.key)} vanished from ${to.where} while this backup was made: did another run clean up? Run it again.`,
    );
}

async function stillAvailable(keys: readonly string[], databases: Databases): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const client = await connect('files', databases.files);
  try {
    const { rows } = await client.query<{ object_key: string }>(
      `select object_key from file where status = 'available' and object_key = any($1)`,
      [keys],
    );
    return new Set(rows.map((row) => row.object_key));
  } finally {
    await client.end();
  }
}

/** Writes the list of a backup's objects. */
export async function putObjectList(
  store: PartStore,
  id: string,
  objects: readonly BackedObject[],
): Promise<Manifest['objects']> {
  const name = partName(id, 'objects.jsonl.gz');
  const bytes = gzipSync(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  const { sha256 } = await store.put(name, Readable.from([bytes]), bytes.length);
  const totalBytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  return { name, bytes: bytes.length, sha256, count: objects.length, totalBytes };
}

/** The objects of a backup. @throws OperatorError when the list is not what it was */
export async function readObjectList(store: PartStore, { objects }: Manifest): Promise<BackedObject[]> {
  await requireDigest(store, objects.name, objects);
  const chunks: Buffer[] = [];
  for await (const chunk of await store.get(objects.name)) chunks.push(chunk as Buffer);
  const lines = gunzipSync(Buffer.concat(chunks)).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as BackedObject);
}

/** Puts the objects of a backup into an empty bucket; those that an interrupted run has put there already stay. */
export async function restoreObjects(
  objects: readonly BackedObject[],
  from: PartStore,
  bucket: PartStore,
): Promise<number> {
  let put = 0;
  await overAll(objects, async ({ key, bytes, sha256 }) => {
    if ((await bucket.size(key)) === bytes && (await digestOf(await bucket.get(key))).sha256 === sha256) return;
    const digest = await bucket.put(key, await from.get(objectName(key)), bytes);
    if (digest.sha256 !== sha256) {
      await bucket.remove(key);
      throw new OperatorError(`${objectName(key)} in ${from.where} is not what the backup put there.`);
    }
    put += 1;
  });
  return put;
}
