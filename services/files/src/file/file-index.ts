import { DomainError } from '@conclave/errors';
import { raw } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { countedStates, FileRecord, shownStates, type FileState, type SealedFacts } from './file-record.js';
import { leaseSeconds, type Place } from './space.js';

/** A row that is on its way out, as the sweeper needs it. */
export interface LeavingFile {
  readonly id: string;
  readonly roomId: string;
  readonly objectKey: string;
}

/** A stored object and what it was when it was written. */
export interface WrittenFile extends LeavingFile {
  readonly objectLength: number;
  /** CRC-32, or of rows of the release before the SHA-256. */
  readonly checksum: { readonly crc32: number } | { readonly sha256: Buffer };
}

/** Who makes a file whole, and under which key its object lies. */
export interface MovedUpload {
  readonly fileId: string;
  readonly epoch: number;
  readonly key: string;
}

/**
 * The rows of files. A change of state is one statement that names the states it may start from, so that of two who want it
 * only one gets it: no read comes between the check and the act.
 */
@Injectable()
export class FileIndex {
  constructor(private readonly em: EntityManager) {}

  /** A file that people of this room see; anything else, also another room's file, is NOT_FOUND. */
  async require(roomId: string, fileId: string): Promise<FileRecord> {
    const file = await this.find(roomId, fileId);
    if (!file?.shown) throw new DomainError('NOT_FOUND');
    return file;
  }

  find(roomId: string, fileId: string): Promise<FileRecord | null> {
    return this.em.fork().findOne(FileRecord, { id: fileId, roomId });
  }

  /** A page, newest first: ids are UUIDv7, so their order is the order of time. An upload that stands still is only its owner's. */
  page(roomId: string, before: string | undefined, limit: number): Promise<FileRecord[]> {
    return this.em
      .fork()
      .find(
        FileRecord,
        { roomId, $or: [{ status: { $in: restingStates } }, moving], ...(before && { id: { $lt: before } }) },
        { orderBy: { id: 'desc' }, limit },
      );
  }

  /** `uploading -> available` with the manifest; false when the file has left that state, or its upload is somebody else's. */
  async makeAvailable(em: EntityManager, moved: MovedUpload, facts: SealedFacts): Promise<boolean> {
    const { header, objectCrc32, manifest } = facts;
    const { version, root } = manifest;
    const [objectSha256, tagRoot] = version === 1 ? [root, null] : [null, root];
    const values = [header, manifest.objectLength, objectCrc32, version, objectSha256, tagRoot, manifest.manifestTag];
    const rows = await em.execute<object[]>(
      `update file set status = 'available', header = ?, object_length = ?, object_crc32 = ?, manifest_version = ?,
              object_sha256 = ?, tag_root = ?, manifest_tag = ?, object_key = ?, updated_at = now()
        where id = ? and status = 'uploading' and epoch = ? returning id`,
      [...values, moved.key, moved.fileId, moved.epoch].map(asBuffer),
    );
    return rows.length === 1;
  }

  /** Keeps the digest that somebody asked for. */
  async keepDigest(fileId: string, sealed: Buffer): Promise<void> {
    const values = [sealed, fileId];
    await this.em
      .fork()
      .execute(`update file set sealed_digest = ? where id = ? and status = 'available'`, values, 'run');
  }

  /** The object is gone from the store. */
  markLost(fileId: string): Promise<boolean> {
    return this.move(this.em.fork(), fileId, ['available'], 'lost');
  }

  /** Removes the row, which must be on its way out. */
  async forget(fileId: string): Promise<void> {
    await this.em.fork().execute(`delete from file where id = ? and status in ('deleting', 'failed')`, [fileId], 'run');
  }

  /** Files in a state that have not changed since `before`. */
  async unchangedSince(states: readonly FileState[], before: Date, limit: number): Promise<LeavingFile[]> {
    return this.em.fork().execute<LeavingFile[]>(
      `select id, room_id as "roomId", object_key as "objectKey" from file
        where status in (${marks(states)}) and updated_at < ? order by updated_at limit ?`,
      [...states, before, limit],
    );
  }

  /**
   * Places that were held longer than a lease without a byte, and uploads that were kept for as long as they are, by the database's
   * clock; those of a room and a person, or everybody's.
   */
  async expiredLeases(seconds: number, limit: number, of?: Place): Promise<{ readonly id: string }[]> {
    const whose = of ? 'and (room_id = ? or owner_id = ?)' : '';
    return this.em.fork().execute<{ id: string }[]>(
      `select id from file left join upload on file_id = id
        where status in ('reserved', 'uploading') ${whose} and file.updated_at < now() - make_interval(secs => ?)
          and (expires_at is null or expires_at < now()) order by file.updated_at limit ?`,
      [...(of ? [of.roomId, of.ownerId] : []), seconds, limit],
    );
  }

  /** Of these object keys, those that a living file needs, or an upload that goes on. */
  async neededKeys(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.em
      .fork()
      .execute<{ object_key: string }[]>(
        `select object_key from file where status in (${marks(countedStates)}) and object_key = any(string_to_array(?, ','))`,
        [...countedStates, keys.join(',')],
      );
    return new Set(rows.map((row) => row.object_key));
  }

  /** Available files in order of their object keys, a page after `key`. */
  async availableAfter(key: string, until: Date, limit: number): Promise<LeavingFile[]> {
    return this.em.fork().execute<LeavingFile[]>(
      `select id, room_id as "roomId", object_key as "objectKey" from file
        where status = 'available' and object_key > ? and updated_at < ? order by object_key limit ?`,
      [key, until, limit],
    );
  }

  /** The available file whose object was not read for longest, and for so many milliseconds at least. */
  async longestUnread(ms: number): Promise<WrittenFile | undefined> {
    const [row] = await this.em
      .fork()
      .execute<(LeavingFile & { length: string; crc32: string | null; sha256: string })[]>(
        `select id, room_id as "roomId", object_key as "objectKey", object_length as length, object_crc32 as crc32,
              encode(object_sha256, 'hex') as sha256
         from file where status = 'available' and (read_at is null or read_at <= now() - make_interval(secs => ?))
        order by read_at nulls first limit 1`,
        [ms / 1000],
      );
    if (!row) return undefined;
    const { length, crc32, sha256, ...file } = row;
    const checksum = crc32 === null ? { sha256: Buffer.from(sha256, 'hex') } : { crc32: Number(crc32) };
    return { ...file, objectLength: Number(length), checksum };
  }

  /** Its object has been read. */
  async readBack(fileId: string): Promise<void> {
    await this.em.fork().execute('update file set read_at = now() where id = ?', [fileId], 'run');
  }

  private async move(em: EntityManager, fileId: string, from: readonly FileState[], to: FileState): Promise<boolean> {
    const rows = await em.execute<object[]>(
      `update file set status = ?, updated_at = now() where id = ? and status in (${marks(from)}) returning id`,
      [to, fileId, ...from],
    );
    return rows.length === 1;
  }
}

const restingStates = shownStates.filter((state) => state !== 'uploading');
const moving = { status: 'uploading', updatedAt: { $gt: raw(`now() - interval '${leaseSeconds} seconds'`) } } as const;

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** The driver takes a bare Uint8Array for a list. */
const asBuffer = (value: unknown): unknown =>
  value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value;
