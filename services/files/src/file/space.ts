import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { countedStates, type FileRecord, type FileState } from './file-record.js';
import { mostKept, Uploads } from './uploads.js';

/** Whose space a file takes. */
export interface Place {
  readonly roomId: string;
  readonly ownerId: string;
}

/** How long a place for a file is held without a byte that arrives. */
export const leaseSeconds = 30;

/** Sums as the driver reads them. */
type Taken = Readonly<Record<'person' | 'room' | 'promised' | 'promisedHere', string | number>>;

const counted = countedStates.map((state) => `'${state}'`).join(', ');

/** Rows of the release before took their whole size from the room when they were reserved, and nothing from the person. */
const ofRoom = 'coalesce(charged, size)';
const ofPerson = 'coalesce(charged, 0)';

/**
 * The space that files take, of a room and of a person over all rooms. It is charged as bytes come, so that a promise to send
 * takes nothing from anybody, and given back in the statement that retires a file. Whoever locks rows here takes the file first,
 * then the person, then the room.
 */
@Injectable()
export class Space {
  constructor(
    private readonly em: EntityManager,
    private readonly transaction: Transaction,
    private readonly uploads: Uploads,
    @Inject(configToken) private readonly config: Pick<Config, 'ROOM_QUOTA_BYTES' | 'PERSON_QUOTA_BYTES'>,
  ) {}

  /**
   * Leases a place for a file and writes its row. Nothing is taken from the room; what the person has promised and not yet sent
   * counts against the person alone, so that of many files at once only as many begin as fit. One that is kept goes on after a
   * break, until the time that is answered. @throws DomainError QUOTA_EXCEEDED
   */
  async reserve(em: EntityManager, file: FileRecord, kept = false): Promise<Date | null> {
    const { roomId, ownerId, size } = file;
    await em.execute(
      `insert into person_usage (person_id, bytes) values (?, 0) on conflict (person_id) do update set updated_at = now()`,
      [ownerId],
      'run',
    );
    const [taken] = await em.execute<Taken[]>(
      `select coalesce((select bytes from person_usage where person_id = ?), 0) as person,
              coalesce((select bytes from room_usage where room_id = ?), 0) as room,
              coalesce(sum(size - ${ofRoom}), 0) as promised,
              coalesce(sum(size - ${ofRoom}) filter (where room_id = ?), 0) as "promisedHere"
         from file where owner_id = ? and status in ('reserved', 'uploading') and updated_at > now() - make_interval(secs => ?)`,
      [ownerId, roomId, roomId, ownerId, leaseSeconds],
    );
    const { person, room, promised, promisedHere } = taken ?? { person: 0, room: 0, promised: 0, promisedHere: 0 };
    if (Number(person) + Number(promised) + size > this.config.PERSON_QUOTA_BYTES) throw exceeded('person');
    if (Number(room) + Number(promisedHere) + size > this.config.ROOM_QUOTA_BYTES) throw exceeded('room');
    // The person's row is locked: of many at once only as many are kept as may be.
    if (kept && (await this.uploads.keptBy(em, ownerId)) >= mostKept) throw exceeded('uploads');
    em.persist(file);
    await em.flush();
    return this.uploads.begin(em, file.id, kept);
  }

  /**
   * Takes so many bytes for a file whose upload is of this epoch, and renews its lease; `uploading` is what it is from now on. False
   * when the upload is over or somebody else's. @throws DomainError QUOTA_EXCEEDED, and nothing is taken
   */
  charge(fileId: string, epoch: number, bytes: number): Promise<boolean> {
    const { ROOM_QUOTA_BYTES: mostOfRoom, PERSON_QUOTA_BYTES: mostOfPerson } = this.config;
    return this.transaction.run(async (em) => {
      const [took] = await em.execute<{ file: boolean; person: boolean; room: boolean }[]>(
        `with moved as (
           update file set status = 'uploading', charged = charged + ?::bigint, updated_at = now()
            where id = ? and epoch = ? and status in ('reserved', 'uploading') returning room_id, owner_id, case when charged is null then 0 else ?::bigint end as bytes
         ), person as (
           insert into person_usage as used (person_id, bytes) select owner_id, bytes from moved where bytes <= ?::bigint
           on conflict (person_id) do update set bytes = used.bytes + excluded.bytes, updated_at = now()
             where used.bytes + excluded.bytes <= ?::bigint
           returning person_id
         ), room as (
           insert into room_usage as used (room_id, bytes)
             select room_id, bytes from moved join person on person_id = owner_id where bytes <= ?::bigint
           on conflict (room_id) do update set bytes = used.bytes + excluded.bytes, updated_at = now()
             where used.bytes + excluded.bytes <= ?::bigint
           returning room_id
         )
         select exists (select from moved) as file, exists (select from person) as person, exists (select from room) as room`,
        [bytes, fileId, epoch, bytes, mostOfPerson, mostOfPerson, mostOfRoom, mostOfRoom],
      );
      if (!took?.file) return false;
      if (!took.person) throw exceeded('person');
      if (!took.room) throw exceeded('room');
      return true;
    });
  }

  /** Moves a file to a state in which it no longer counts, and gives its bytes back; false when it was not in `from`. */
  async retire(
    em: EntityManager,
    fileId: string,
    from: readonly FileState[],
    to: 'deleting' | 'failed',
  ): Promise<boolean> {
    if (to === 'failed') await this.uploads.over(em, fileId, from);
    const rows = await em.execute<object[]>(
      `with retired as (
         update file set status = ?, updated_at = now() where id = ? and status in (${from.map(() => '?').join(', ')})
         returning room_id, owner_id, ${ofRoom} as of_room, ${ofPerson} as of_person
       ), person as (
         update person_usage set bytes = greatest(0, bytes - retired.of_person), updated_at = now()
           from retired where person_id = retired.owner_id returning person_id
       ), room as (
         update room_usage set bytes = greatest(0, bytes - retired.of_room), updated_at = now()
           from retired left join person on true where room_usage.room_id = retired.room_id
       )
       select 1 as retired from retired`,
      [to, fileId, ...from],
    );
    return rows.length === 1;
  }

  /** Every file of the room starts to leave; answers how many. */
  async retireRoom(em: EntityManager, roomId: string): Promise<number> {
    const rows = await em.execute<{ owner_id: string; files: number; bytes: string }[]>(
      `with leaving as (
         select id, owner_id, case when status in (${counted}) then ${ofPerson} else 0 end as bytes
           from file where room_id = ? and status <> 'deleting' for update
       ), retired as (
         update file set status = 'deleting', updated_at = now() from leaving where file.id = leaving.id
         returning leaving.owner_id, leaving.bytes
       )
       select owner_id, count(*)::int as files, sum(bytes) as bytes from retired group by owner_id order by owner_id`,
      [roomId],
    );
    // In the order of their ids: two rooms that go at once wait for each other in one direction only.
    for (const { owner_id: personId, bytes } of rows)
      await em.execute(
        'update person_usage set bytes = greatest(0, bytes - ?::bigint), updated_at = now() where person_id = ?',
        [bytes, personId],
        'run',
      );
    await em.execute('delete from room_usage where room_id = ?', [roomId], 'run');
    return rows.reduce((sum, { files }) => sum + files, 0);
  }

  /** Brings sums in order that do not say what the rows say; answers how many did not. */
  async mend(): Promise<number> {
    const persons = await this.wrong('person_usage', 'person_id', 'owner_id', ofPerson);
    const rooms = await this.wrong('room_usage', 'room_id', 'room_id', ofRoom);
    for (const id of persons) await this.mendOne('person_usage', 'person_id', 'owner_id', ofPerson, id);
    for (const id of rooms) await this.mendOne('room_usage', 'room_id', 'room_id', ofRoom, id);
    return persons.length + rooms.length;
  }

  private async wrong(table: string, key: string, column: string, taken: string): Promise<string[]> {
    const rows = await this.em.fork().execute<{ id: string }[]>(
      `with truth as (select ${column} as id, sum(${taken}) as bytes from file where status in (${counted}) group by ${column})
       select coalesce(truth.id, ${table}.${key}) as id from truth full join ${table} on ${table}.${key} = truth.id
        where coalesce(truth.bytes, 0) <> coalesce(${table}.bytes, 0)`,
    );
    return rows.map(({ id }) => id);
  }

  /** The lock keeps whoever charges just now out, and lets the sum see what was charged before. */
  private async mendOne(table: string, key: string, column: string, taken: string, id: string): Promise<void> {
    await this.transaction.run(async (em) => {
      await em.execute(`insert into ${table} (${key}, bytes) values (?, 0) on conflict do nothing`, [id], 'run');
      await em.execute(`select 1 from ${table} where ${key} = ? for update`, [id]);
      await em.execute(
        `update ${table} set updated_at = now(), bytes =
           (select coalesce(sum(${taken}), 0) from file where ${column} = ? and status in (${counted})) where ${key} = ?`,
        [id, id],
        'run',
      );
    });
  }
}

const exceeded = (quota: 'room' | 'person' | 'uploads'): DomainError =>
  new DomainError('QUOTA_EXCEEDED', { details: { quota } });
