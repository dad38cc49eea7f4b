import { rows, Transaction } from '@conclave/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { PartName, UnfinishedWrite } from '../objects/object-storage.js';
import type { FileState } from './file-record.js';

/** How long an unfinished upload waits for its next byte. */
export const keptHours = 24;
/** Unfinished uploads that one person may keep, in all rooms together. */
export const mostKept = 100;

/** An upload as its rows have it. */
export interface Upload {
  readonly fileId: string;
  readonly roomId: string;
  readonly ownerId: string;
  readonly status: FileState;
  readonly objectKey: string;
  readonly size: number;
  /** Bytes that are paid for. */
  readonly charged: number;
  /** Who may move it: whoever has the latest. */
  readonly epoch: number;
  /** Plaintext bytes that are stored. */
  readonly stored: number;
  /** How many connections have come to nothing since the last whole part. */
  readonly fruitless: number;
  readonly storeUploadId: string | null;
  /** Where sealing stands, sealed; none before the first byte is stored. */
  readonly state: Buffer | null;
  /** Keys of the objects that hold what came behind the last whole part. */
  readonly pieces: readonly string[];
  /** Until when it goes on after a break; null where it does not. */
  readonly expiresAt: Date | null;
}

/** One part that is stored. */
export interface KeptPart extends PartName {
  /** Its place in the object, from 1. */
  readonly part: number;
  readonly length: number;
}

/** How far an upload has come, to be written down. */
export interface Progress {
  readonly stored: number;
  readonly state: Buffer;
  readonly pieces: readonly string[];
  readonly part?: KeptPart;
}

const columns = `f.id as "fileId", f.room_id as "roomId", f.owner_id as "ownerId", f.status, f.object_key as "objectKey", f.size,
  coalesce(f.charged, 0) as charged, f.epoch, coalesce(u.stored, 0) as stored, coalesce(u.fruitless, 0) as fruitless,
  u.store_upload_id as "storeUploadId", u.state, array_to_string(coalesce(u.pieces, '{}'), ',') as pieces, u.expires_at as "expiresAt"`;

/** An unfinished one that is not over, by the database's clock: the clocks of processes may be apart. */
const unfinished = `f.status in ('reserved', 'uploading') and (u.expires_at is null or u.expires_at > now())`;

/** Whoever writes about an upload proves first, in the same statement, that it is still theirs; the file's row is the lock. */
const mine = `mine as (
  update file set status = 'uploading', updated_at = now() where id = ? and status in ('reserved', 'uploading') and epoch = ? returning id
)`;
const laterExpiry = `case when expires_at is null then null else now() + interval '${keptHours} hours' end`;

/**
 * The rows of unfinished uploads. Nothing of an upload lies in a process: any replica goes on where another stopped, and whoever
 * was overtaken finds their epoch gone at the next step and moves nothing.
 */
@Injectable()
export class Uploads {
  constructor(
    private readonly em: EntityManager,
    private readonly transaction: Transaction,
  ) {}

  /** The row beside a file's, in the transaction that reserves it; answers until when it is kept. */
  async begin(em: EntityManager, fileId: string, kept: boolean): Promise<Date | null> {
    const expiry = kept ? `now() + interval '${keptHours} hours'` : 'null';
    const [row] = await rows<{ expiresAt: Date | null }>(
      em,
      `insert into upload (file_id, expires_at) values (?, ${expiry}) returning expires_at as "expiresAt"`,
      [fileId],
    );
    return row?.expiresAt ?? null;
  }

  /** How many one person keeps, in a transaction that holds the lock of their space. */
  async keptBy(em: EntityManager, ownerId: string): Promise<number> {
    const [row] = await em.execute<{ count: number }[]>(
      `select count(*)::int as count from file f join upload u on u.file_id = f.id
        where f.owner_id = ? and ${unfinished} and u.expires_at is not null`,
      [ownerId],
    );
    return row?.count ?? 0;
  }

  /** One upload of this person in this room, finished or not; what is over is none. */
  async find(roomId: string, fileId: string, ownerId: string): Promise<Upload | undefined> {
    const [row] = await this.read(
      `f.id = ? and f.room_id = ? and f.owner_id = ? and (f.status = 'available' or ${unfinished})`,
      [fileId, roomId, ownerId],
    );
    return row;
  }

  /** A page of what a person keeps in a room, newest first: ids are UUIDv7, so their order is the order of time. */
  async keptIn(roomId: string, ownerId: string, before: string | undefined, limit: number): Promise<readonly string[]> {
    const found = await this.em.fork().execute<{ id: string }[]>(
      `select f.id from file f join upload u on u.file_id = f.id
        where f.room_id = ? and f.owner_id = ? and ${unfinished} and u.expires_at is not null
          ${before === undefined ? '' : 'and f.id < ?'} order by f.id desc limit ?`,
      [roomId, ownerId, ...(before === undefined ? [] : [before]), limit],
    );
    return found.map(({ id }) => id);
  }

  /** From now on only the answered epoch moves it; undefined where there is nothing left to move. */
  async takeOver(fileId: string): Promise<number | undefined> {
    const [row] = await this.em
      .fork()
      .execute<{ epoch: string }[]>(
        `update file set epoch = epoch + 1 where id = ? and status in ('reserved', 'uploading') returning epoch`,
        [fileId],
      );
    return row && Number(row.epoch);
  }

  /** Begins a connection by an epoch that was given out for it: once, and only while nobody has taken the upload over. */
  enter(fileId: string, epoch: number): Promise<Upload | undefined> {
    return this.transaction.run(async (em) => {
      const entered = await em.execute<object[]>(
        `with mine as (
           update file set epoch = epoch + 1, updated_at = now()
            where id = ? and epoch = ? and status in ('reserved', 'uploading') returning id
         )
         insert into upload as known (file_id, began) select id, 0 from mine
         on conflict (file_id) do update set began = known.stored, updated_at = now(),
           fruitless = known.fruitless + case when known.began = known.stored then 1 else 0 end
         returning file_id`,
        [fileId, epoch],
      );
      if (entered.length === 0) return undefined;
      const [row] = await this.read('f.id = ?', [fileId], em);
      return row;
    });
  }

  /** The lease of a connection that is open; false when the upload is not theirs any more. */
  async renew(fileId: string, epoch: number): Promise<boolean> {
    const held = await this.em.fork().execute<object[]>(`with ${mine} select id from mine`, [fileId, epoch]);
    return held.length === 1;
  }

  /** Of these connections, by file and epoch, those whose upload is theirs no more. */
  async overtaken(held: ReadonlyMap<string, number>): Promise<readonly string[]> {
    const found = await this.em
      .fork()
      .execute<{ id: string; epoch: string }[]>(
        `select id, epoch from file where id = any(string_to_array(?, ',')::uuid[]) and status in ('reserved', 'uploading')`,
        [[...held.keys()].join(',')],
      );
    const now = new Map(found.map(({ id, epoch }) => [id, Number(epoch)]));
    return [...held].filter(([id, epoch]) => now.get(id) !== epoch).map(([id]) => id);
  }

  /** The store's id of a write in parts; false when the upload is not theirs any more. */
  opened({ fileId, epoch }: Pick<Upload, 'fileId' | 'epoch'>, storeUploadId: string): Promise<boolean> {
    return this.write(
      `with ${mine} update upload set store_upload_id = ?, updated_at = now() from mine where file_id = mine.id returning file_id`,
      [fileId, epoch, storeUploadId],
    );
  }

  /** What is stored is acknowledged in the statement that says where it lies; false when the upload is not theirs any more. */
  progress(
    { fileId, epoch }: Pick<Upload, 'fileId' | 'epoch'>,
    { stored, state, pieces, part }: Progress,
  ): Promise<boolean> {
    const added = part
      ? `, added as (insert into upload_part (file_id, part, number, etag, length) select id, ?, ?, ?, ? from mine)`
      : '';
    return this.write(
      `with ${mine}${added}
       update upload set ${part ? 'fruitless = 0, ' : ''}stored = ?, state = ?, pieces = string_to_array(?, ','), expires_at = ${laterExpiry}, updated_at = now()
         from mine where file_id = mine.id returning file_id`,
      [
        fileId,
        epoch,
        ...(part ? [part.part, part.number, part.etag, part.length] : []),
        stored,
        state,
        pieces.join(','),
      ],
    );
  }

  /** Its parts in order. */
  parts(fileId: string): Promise<PartName[]> {
    return this.em
      .fork()
      .execute<PartName[]>('select number, etag from upload_part where file_id = ? order by part', [fileId]);
  }

  /** It is not kept any longer, where its file is still in one of these states; the schema lets none fail before that. */
  async over(em: EntityManager, fileId: string, from: readonly FileState[]): Promise<void> {
    const states = from.map(() => '?').join(', ');
    await em.execute(
      `update upload set expires_at = now() where expires_at > now()
          and file_id = (select id from file where id = ? and status in (${states}) for update)`,
      [fileId, ...from],
      'run',
    );
  }

  /** It is whole, or over. */
  async end(em: EntityManager, fileId: string): Promise<void> {
    await em.execute('delete from upload where file_id = ?', [fileId], 'run');
  }

  /** Of these keys, those of pieces that an upload still needs. */
  async neededPieces(keys: readonly string[]): Promise<readonly string[]> {
    const found = await this.em
      .fork()
      .execute<{ key: string }[]>(
        `select piece as key from upload, unnest(pieces) as piece where piece = any(string_to_array(?, ','))`,
        [keys.join(',')],
      );
    return found.map(({ key }) => key);
  }

  /** Whether a write in parts is one that an unfinished file needs; one of the release before is known by its key alone. */
  async needsWrite({ key, uploadId }: Pick<UnfinishedWrite, 'key' | 'uploadId'>): Promise<boolean> {
    const found = await this.em.fork().execute<object[]>(
      `select 1 from file left join upload on file_id = id where object_key = ? and status in ('reserved', 'uploading')
        and coalesce(store_upload_id, ?) = ?`,
      [key, uploadId, uploadId],
    );
    return found.length > 0;
  }

  /** Objects besides the file's own that hold bytes of it. */
  async piecesOf(fileId: string): Promise<readonly string[]> {
    const [row] = await this.em
      .fork()
      .execute<{ pieces: string }[]>(`select array_to_string(pieces, ',') as pieces from upload where file_id = ?`, [
        fileId,
      ]);
    return listOf(row?.pieces ?? '');
  }

  private async read(where: string, values: readonly unknown[], em = this.em.fork()): Promise<Upload[]> {
    const found = await rows<Record<keyof Upload, never>>(
      em,
      `select ${columns} from file f left join upload u on u.file_id = f.id where ${where}`,
      values,
    );
    return found.map((row) => ({
      ...(row as unknown as Upload),
      size: Number(row.size),
      charged: Number(row.charged),
      epoch: Number(row.epoch),
      stored: Number(row.stored),
      pieces: listOf(row.pieces),
    }));
  }

  private async write(sql: string, values: readonly unknown[]): Promise<boolean> {
    return (await this.em.fork().execute<object[]>(sql, [...values])).length === 1;
  }
}

const listOf = (text: string): string[] => (text === '' ? [] : text.split(','));
