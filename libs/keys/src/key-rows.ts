import type { WrappedKey } from './key-encryption.js';
import type { KekCheckRows } from './kek-check.js';
import type { FileKeyRow, Rewrappable, WrappedKeyRows } from './rotation.js';

/** Runs SQL with `?` for parameters on the connection of the keys role; answers the rows. */
export type KeysSql = (sql: string, parameters?: readonly unknown[]) => Promise<unknown>;

/** What wrapped root keys of a service are called. */
export interface RootKeyTable {
  readonly table: 'room_key' | 'message_key';
}

const page = 200;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Rows in the order of their ids, a page at a time. */
async function* inPages<Row>(
  read: (after: string) => Promise<unknown>,
  idOf: (row: Row) => string,
): AsyncGenerator<Row> {
  for (let after = beforeAll; ;) {
    const rows = (await read(after)) as Row[];
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = idOf(last);
  }
}

/** Check values, and the root keys that the KEKs wrap, in schema `keys`. */
export const kekCheckRows = (execute: KeysSql, { table }: RootKeyTable): KekCheckRows => ({
  all: async () =>
    (await execute('select version, value from kek_check')) as { readonly version: string; readonly value: Buffer }[],
  inUse: async () => {
    // By way of JSON, because preflight looks before the migration that brings the column.
    const rows = (await execute(
      `select distinct on (kek_version) room_id as "roomId", wrapped, kek_version as version,
          coalesce((to_jsonb(k) ->> 'binding')::int, 0) as binding
        from ${table} k order by kek_version`,
    )) as (WrappedKey & { roomId: string })[];
    return rows.map(({ roomId, ...key }) => ({ place: { purpose: table, roomId }, key }));
  },
  add: async (version, value) => {
    await execute('insert into kek_check (version, value) values (?, ?) on conflict do nothing returning version', [
      version,
      Buffer.from(value),
    ]);
  },
});

/** How many root keys were wrapped as releases before did; also before the migration that tells. */
export async function unboundCount(execute: KeysSql, { table }: RootKeyTable): Promise<number> {
  const [row] = (await execute(
    `select count(*)::int as n from ${table} k where coalesce((to_jsonb(k) ->> 'binding')::int, 0) = 0`,
  )) as { n: number }[];
  return row?.n ?? 0;
}

/** The root keys of a service, for a rotation. */
export const wrappedKeyRows = (execute: KeysSql, { table }: RootKeyTable): WrappedKeyRows => ({
  async *outdated(active) {
    const read = (after: string): Promise<unknown> =>
      execute(
        `select room_id as "roomId", wrapped, kek_version as version, binding from ${table}
          where (kek_version <> ? or binding = 0) and room_id > ? order by room_id limit ${page}`,
        [active, after],
      );
    for await (const { roomId, ...key } of inPages<WrappedKey & { roomId: string }>(read, (row) => row.roomId))
      yield { place: { purpose: table, roomId }, key };
  },
  replace: async ({ place, key }, to) => {
    const rows = (await execute(
      `update ${table} set wrapped = ?, kek_version = ?, binding = ?, updated_at = now()
        where room_id = ? and wrapped = ? and kek_version = ? and binding = ? returning room_id`,
      [
        Buffer.from(to.wrapped),
        to.version,
        to.binding,
        place.roomId,
        Buffer.from(key.wrapped),
        key.version,
        key.binding,
      ],
    )) as unknown[];
    return rows.length > 0;
  },
});

/** The file keys that are not bound to their rows yet, for a rotation. */
export const fileKeyRows = (execute: KeysSql): Rewrappable<FileKeyRow> => ({
  async *outdated() {
    const read = (after: string): Promise<unknown> =>
      execute(
        `select f.file_id as "fileId", f.room_id as "roomId", f.wrapped, f.binding, r.wrapped as "roomWrapped",
            r.kek_version as version, r.binding as "roomBinding"
          from file_key f join room_key r using (room_id)
          where f.binding = 0 and f.file_id > ? order by f.file_id limit ${page}`,
        [after],
      );
    for await (const row of inPages<UnboundFileKey>(read, ({ fileId }) => fileId)) {
      const { fileId, roomId, wrapped, binding, roomWrapped, version, roomBinding } = row;
      yield {
        place: { purpose: 'file_key', roomId, fileId },
        key: { wrapped, binding },
        roomKey: { wrapped: roomWrapped, version, binding: roomBinding },
      };
    }
  },
  replace: async ({ place, key }, to) => {
    const rows = (await execute(
      `update file_key set wrapped = ?, binding = ?, updated_at = now()
        where file_id = ? and room_id = ? and wrapped = ? and binding = ? returning file_id`,
      [Buffer.from(to.wrapped), to.binding, place.fileId, place.roomId, Buffer.from(key.wrapped), key.binding],
    )) as unknown[];
    return rows.length > 0;
  },
});

interface UnboundFileKey {
  readonly fileId: string;
  readonly roomId: string;
  readonly wrapped: Buffer;
  readonly binding: number;
  readonly roomWrapped: Buffer;
  readonly version: string;
  readonly roomBinding: number;
}
