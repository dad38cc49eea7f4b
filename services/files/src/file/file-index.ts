import { DomainError } from '@conclave/errors';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { FileRecord, shownStates, type FileState, type SealedFacts } from './file-record.js';

/** States whose bytes count against the room's quota. */
const counted: readonly FileState[] = ['reserved', 'uploading', 'available', 'lost'];

/** A row that is on its way out, as the sweeper needs it. */
export interface LeavingFile {
  readonly id: string;
  readonly roomId: string;
  readonly objectKey: string;
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

  /** A page, newest first: ids are UUIDv7, so their order is the order of time. */
  page(roomId: string, before: string | undefined, limit: number): Promise<FileRecord[]> {
    return this.em
      .fork()
      .find(
        FileRecord,
        { roomId, status: { $in: [...shownStates] }, ...(before && { id: { $lt: before } }) },
        { orderBy: { id: 'desc' }, limit },
      );
  }

  /** Takes the file's bytes from the room's quota and writes the row; QUOTA_EXCEEDED when they are not there. */
  async reserve(em: EntityManager, file: FileRecord, quotaBytes: number): Promise<void> {
    const taken = await em.execute<object[]>(
      `insert into room_usage as used (room_id, bytes) select ?::uuid, ?::bigint where ?::bigint <= ?::bigint
       on conflict (room_id) do update set bytes = used.bytes + excluded.bytes, updated_at = now()
         where used.bytes + excluded.bytes <= ?::bigint
       returning 1 as taken`,
      [file.roomId, file.size, file.size, quotaBytes, quotaBytes],
    );
    if (taken.length === 0) throw new DomainError('QUOTA_EXCEEDED');
    em.persist(file);
    await em.flush();
  }

  /** `reserved -> uploading`: true for exactly one caller, which is what makes the hop token of an upload single use. */
  beginUpload(fileId: string): Promise<boolean> {
    return this.move(this.em.fork(), fileId, ['reserved'], 'uploading');
  }

  /** Says that the upload is alive; false when somebody has given it up meanwhile. */
  stillUploading(fileId: string): Promise<boolean> {
    return this.move(this.em.fork(), fileId, ['uploading'], 'uploading');
  }

  /** `uploading -> available` with the manifest; false when the file has left that state. */
  async makeAvailable(em: EntityManager, fileId: string, { sha256, header, manifest }: SealedFacts): Promise<boolean> {
    const rows = await em.execute<object[]>(
      `update file set status = 'available', sha256 = ?, header = ?, object_length = ?, object_sha256 = ?, manifest_tag = ?,
              updated_at = now()
        where id = ? and status = 'uploading' returning id`,
      [sha256, header, manifest.objectLength, manifest.sha256, manifest.manifestTag, fileId].map(asBuffer),
    );
    return rows.length === 1;
  }

  /** Moves a file to a state in which it no longer counts, and gives its bytes back; false when it was not in `from`. */
  async retire(
    em: EntityManager,
    fileId: string,
    from: readonly FileState[],
    to: 'deleting' | 'failed',
  ): Promise<boolean> {
    const rows = await em.execute<object[]>(
      `with retired as (
         update file set status = ?, updated_at = now() where id = ? and status in (${marks(from)}) returning room_id, size
       ), released as (
         update room_usage set bytes = greatest(0, bytes - retired.size), updated_at = now()
           from retired where room_usage.room_id = retired.room_id
       )
       select 1 as retired from retired`,
      [to, fileId, ...from],
    );
    return rows.length === 1;
  }

  /** Every file of the room starts to leave; answers how many. */
  async retireRoom(em: EntityManager, roomId: string): Promise<number> {
    const rows = await em.execute<object[]>(
      `update file set status = 'deleting', updated_at = now() where room_id = ? and status <> 'deleting' returning id`,
      [roomId],
    );
    await em.execute('delete from room_usage where room_id = ?', [roomId], 'run');
    return rows.length;
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

  /** Of these object keys, those that a living file needs. */
  async neededKeys(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.em
      .fork()
      .execute<{ object_key: string }[]>(
        `select object_key from file where status in (${marks(counted)}) and object_key = any(string_to_array(?, ','))`,
        [...counted, keys.join(',')],
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

  private async move(em: EntityManager, fileId: string, from: readonly FileState[], to: FileState): Promise<boolean> {
    const rows = await em.execute<object[]>(
      `update file set status = ?, updated_at = now() where id = ? and status in (${marks(from)}) returning id`,
      [to, fileId, ...from],
    );
    return rows.length === 1;
  }
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** The driver takes a bare Uint8Array for a list. */
const asBuffer = (value: unknown): unknown =>
  value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value;
