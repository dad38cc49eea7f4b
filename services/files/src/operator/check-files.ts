import { createHash } from 'node:crypto';
import { SealedFile, type SegmentEngine } from '@conclave/sealing/node';
import type { FileIndex } from '../file/file-index.js';
import { openMetadata } from '../file/file-metadata.js';
import type { FileRecord } from '../file/file-record.js';
import type { Vault } from '../keys/vault.js';
import type { ObjectStorage } from '../objects/object-storage.js';

/** What a check needs: the same parts that a download is made of. */
export interface CheckParts {
  readonly index: FileIndex;
  readonly vault: Vault;
  readonly storage: ObjectStorage;
  readonly engine: SegmentEngine;
}

/** What a check found. Names of objects and ids of files, never a file's name. */
export interface CheckReport {
  readonly files: number;
  readonly opened: number;
  readonly bytes: number;
  /** Files that do not open, or whose object is missing. */
  readonly faults: readonly string[];
  /** Objects that no file needs; young ones may be uploads that are under way. */
  readonly orphans: readonly string[];
}

const page = 200;
/** Later than every row: whose clock is right does not matter here. */
const always = new Date('9999-12-31');
const atOnce = 4;

/**
 * Opens files as a download would, to their last byte, and compares what comes out with the hash that was taken when it
 * went in; then lays the bucket beside the index, both ways. Changes nothing.
 *
 * @param sample opens so many files only, chosen at random; all of them where it is left out
 */
export async function checkFiles(parts: CheckParts, sample?: number): Promise<CheckReport> {
  const faults: string[] = [];
  const stored = new Map<string, number>();
  for await (const { key, length } of parts.storage.list()) stored.set(key, length);
  const rows = await availableFiles(parts.index);
  for (const { id, objectKey } of rows)
    if (!stored.has(objectKey)) faults.push(`file ${id}: its object ${objectKey} is missing in the bucket`);
  const chosen = choose(
    rows.filter(({ objectKey }) => stored.has(objectKey)),
    sample,
  );
  let opened = 0;
  let bytes = 0;
  const queue = chosen[Symbol.iterator]();
  const one = async (): Promise<void> => {
    for (const row of { [Symbol.iterator]: () => queue }) {
      const record = await parts.index.find(row.roomId, row.id);
      if (record?.status !== 'available') continue; // deleted meanwhile
      try {
        bytes += await openWhole(parts, record);
        opened += 1;
      } catch (error) {
        const { reason, name } = error as { reason?: string; name?: string };
        faults.push(`file ${row.id}: does not open (${reason ?? name ?? 'error'})`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const orphans = await orphansOf(parts.index, [...stored.keys()]);
  return { files: rows.length, opened, bytes, faults, orphans };
}

async function openWhole({ vault, storage, engine }: CheckParts, record: FileRecord): Promise<number> {
  const { id: fileId, roomId, size, objectKey } = record;
  const { header, manifest } = record.sealed();
  const dek = await vault.open({ roomId, fileId });
  try {
    openMetadata(dek, { roomId, fileId }, record.metadata);
    const file = await dek.use((key) =>
      SealedFile.open({
        engine,
        dek: key,
        fileId,
        roomId,
        manifest,
        header,
        readObject: async ({ start, end }, signal) => (await storage.read(objectKey, start, end, signal)).bytes,
      }),
    );
    try {
      // What a manifest of version 2 does not say of itself, the tags do; rows of the release before have a hash of what went in.
      const hash = record.sha256 && createHash('sha256');
      for await (const chunk of file.read({ start: 0, end: size }, new AbortController().signal)) {
        hash?.update(chunk);
        file.release(chunk);
      }
      if (record.sha256 && !hash?.digest().equals(record.sha256)) throw new WrongHash();
      return size;
    } finally {
      file.destroy();
    }
  } finally {
    dek.destroy();
  }
}

/** A file opened, and what came out is not what went in. */
class WrongHash extends Error {
  override readonly name = 'WrongHash';
}

async function availableFiles(index: FileIndex): Promise<{ id: string; roomId: string; objectKey: string }[]> {
  const found = [];
  for (let after = ''; ;) {
    const rows = await index.availableAfter(after, always, page);
    found.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < page) return found;
    after = last.objectKey;
  }
}

async function orphansOf(index: FileIndex, keys: readonly string[]): Promise<string[]> {
  const orphans: string[] = [];
  for (let at = 0; at < keys.length; at += page) {
    const some = keys.slice(at, at + page);
    const needed = await index.neededKeys(some);
    orphans.push(...some.filter((key) => !needed.has(key)));
  }
  return orphans;
}

function choose<T>(items: readonly T[], sample: number | undefined): readonly T[] {
  if (sample === undefined || sample >= items.length) return items;
  const left = [...items];
  return Array.from({ length: sample }, () => left.splice(Math.floor(Math.random() * left.length), 1)[0] as T);
}
