import { DomainError } from '@conclave/errors';
import {
  bindingOfNewKeys,
  newDek,
  newRootKey,
  openDek,
  openRootKey,
  RoomKey,
  type Binding,
  type BoundKey,
  type Dek,
  type FilePlace,
  type KeyEncryption,
  type RootPlace,
} from '@conclave/keys';
import { InjectTransaction, Transaction } from '@conclave/persistence';
import type { FileIdentity } from '@conclave/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';

/** Token of the `KeyEncryption` that this service was given. */
export const keyEncryptionToken = Symbol('KeyEncryption');

/** A new file's key, and how to keep it. */
export interface PreparedKey {
  readonly dek: Dek;
  /** Writes the wrapped key; NOT_FOUND when the room was shredded meanwhile. */
  store(): Promise<void>;
}

interface RoomKeyRow {
  readonly wrapped: Buffer;
  readonly version: string;
  readonly binding: number;
}

interface FileKeyRow extends RoomKeyRow {
  readonly fileId: string;
  readonly fileKey: Buffer;
  readonly fileBinding: number;
}

const roomPlace = (roomId: string): RootPlace => ({ purpose: 'room_key', roomId });
const filePlace = (roomId: string, fileId: string): FilePlace => ({ purpose: 'file_key', roomId, fileId });

/**
 * Wrapped keys, on the connection of their own role: KEK -> room key -> file key, each bound to its row. Whoever holds only
 * the index can open nothing. A room that was shredded leaves a tombstone, so that a slow upload can never give it a key again.
 */
@Injectable()
export class Vault {
  constructor(
    @InjectTransaction('keys') private readonly transaction: Transaction,
    @Inject(keyEncryptionToken) private readonly kek: KeyEncryption,
  ) {}

  /** Makes a file's key under its room's, which is made with the first file. The caller destroys the DEK. */
  async prepare({ roomId, fileId }: FileIdentity): Promise<PreparedKey> {
    const { binding, row } = await this.transaction.run(async (em) => ({
      binding: await bindingOfNewKeys((sql, values = []) => em.execute(sql, [...values])),
      row: await findRoomKey(em, roomId),
    }));
    const roomKey = await this.openRoomKey(roomId, row ?? (await this.makeRoomKey(roomId, binding)));
    try {
      const { key, wrapped } = newDek(roomKey, filePlace(roomId, fileId), binding);
      return { dek: key, store: () => this.storeFileKey(roomId, fileId, wrapped) };
    } finally {
      roomKey.destroy();
    }
  }

  /** A file's key; NOT_FOUND once it is shredded. The caller destroys it. */
  async open({ roomId, fileId }: FileIdentity): Promise<Dek> {
    const opened = await this.openMany(roomId, [fileId]);
    const dek = opened.get(fileId);
    if (!dek) throw new DomainError('NOT_FOUND', { message: 'no key for this file' });
    return dek;
  }

  /** Keys of several files of one room; shredded ones are left out. The caller destroys them. */
  async openMany(roomId: string, fileIds: readonly string[]): Promise<Map<string, Dek>> {
    const rows = await this.transaction.run((em) =>
      em.execute<FileKeyRow[]>(
        `select f.file_id as "fileId", f.wrapped as "fileKey", f.binding as "fileBinding", ${roomKeyColumns}
          from file_key f join room_key r using (room_id)
          where r.room_id = ? and f.file_id = any(string_to_array(?, ',')::uuid[])`,
        [roomId, fileIds.join(',')],
      ),
    );
    const [first] = rows;
    if (!first) return new Map();
    const roomKey = await this.openRoomKey(roomId, first);
    const opened = new Map<string, Dek>();
    try {
      for (const { fileId, fileKey, fileBinding } of rows) {
        const wrapped = { wrapped: fileKey, binding: fileBinding };
        opened.set(fileId, openDek(roomKey, filePlace(roomId, fileId), wrapped));
      }
      return opened;
    } catch (error) {
      for (const dek of opened.values()) dek.destroy();
      throw error;
    } finally {
      roomKey.destroy();
    }
  }

  /** Deletes a file's key: what lies in the store is noise from now on. Fine when it is gone already. */
  async shredFile(fileId: string): Promise<void> {
    await this.transaction.run((em) => em.execute('delete from file_key where file_id = ?', [fileId], 'run'));
  }

  /** Deletes a room's key and with it every file's. Bears repetition. */
  async shredRoom(roomId: string): Promise<void> {
    await this.transaction.run(async (em) => {
      await lockRoom(em, roomId);
      await em.execute('insert into shredded_room (room_id) values (?) on conflict do nothing', [roomId], 'run');
      await em.execute('delete from room_key where room_id = ?', [roomId], 'run');
    });
  }

  private openRoomKey(roomId: string, row: RoomKeyRow): Promise<RoomKey> {
    return openRootKey(this.kek, RoomKey, roomPlace(roomId), row);
  }

  private async makeRoomKey(roomId: string, binding: Binding): Promise<RoomKeyRow> {
    const { key, wrapped } = await newRootKey(this.kek, RoomKey, roomPlace(roomId), binding);
    key.destroy();
    return this.transaction.run(async (em) => {
      await lockRoom(em, roomId);
      if (await isShredded(em, roomId)) throw new DomainError('NOT_FOUND', { message: 'the room was shredded' });
      await em.execute(
        'insert into room_key (room_id, wrapped, kek_version, binding) values (?, ?, ?, ?) on conflict do nothing',
        [roomId, Buffer.from(wrapped.wrapped), wrapped.version, wrapped.binding],
        'run',
      );
      const row = await findRoomKey(em, roomId);
      if (!row) throw new Error('a room key vanished under its lock');
      return row;
    });
  }

  private async storeFileKey(roomId: string, fileId: string, { wrapped, binding }: BoundKey): Promise<void> {
    const stored = await this.transaction.run((em) =>
      em.execute<object[]>(
        // The lock of the foreign key holds a shredding back until this is committed; then it takes this row along.
        `insert into file_key (file_id, room_id, wrapped, binding)
         select ?::uuid, room_id, ?::bytea, ?::smallint from room_key where room_id = ? for share returning file_id`,
        [fileId, Buffer.from(wrapped), binding, roomId],
      ),
    );
    if (stored.length === 0) throw new DomainError('NOT_FOUND', { message: 'the room was shredded' });
  }
}

const roomKeyColumns = 'r.wrapped, r.kek_version as version, r.binding';

/** One at a time makes or shreds a room's key. */
const lockRoom = (em: EntityManager, roomId: string): Promise<unknown> =>
  em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [roomId]);

async function findRoomKey(em: EntityManager, roomId: string): Promise<RoomKeyRow | undefined> {
  const [row] = await em.execute<RoomKeyRow[]>(`select ${roomKeyColumns} from room_key r where room_id = ?`, [roomId]);
  return row;
}

async function isShredded(em: EntityManager, roomId: string): Promise<boolean> {
  return (await em.execute<object[]>('select 1 from shredded_room where room_id = ?', [roomId])).length > 0;
}
