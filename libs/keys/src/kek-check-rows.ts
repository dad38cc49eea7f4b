import type { KekCheckRows } from './kek-check.js';
import type { WrappedKey } from './key-encryption.js';
import type { WrappedKeyRows } from './rotation.js';

/** Runs SQL with `?` for parameters on the connection of the keys role; answers the rows. */
export type KeysSql = (sql: string, parameters?: readonly unknown[]) => Promise<unknown>;

/** What wrapped root keys of a service are called. */
export interface RootKeyTable {
  readonly table: 'room_key' | 'message_key';
}

const page = 200;

/** Check values, and the root keys that the KEKs wrap, in schema `keys`. */
export const kekCheckRows = (execute: KeysSql, { table }: RootKeyTable): KekCheckRows => ({
  all: async () =>
    (await execute('select version, value from kek_check')) as { readonly version: string; readonly value: Buffer }[],
  inUse: async () =>
    (await execute(
      `select distinct on (kek_version) wrapped, kek_version as version from ${table} order by kek_version`,
    )) as WrappedKey[],
  add: async (version, value) => {
    await execute('insert into kek_check (version, value) values (?, ?) on conflict do nothing returning version', [
      version,
      Buffer.from(value),
    ]);
  },
});

/** The root keys of a service, for a rotation. */
export const wrappedKeyRows = (execute: KeysSql, { table }: RootKeyTable): WrappedKeyRows => ({
  async *outdated(active) {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = (await execute(
        `select room_id as id, wrapped, kek_version as version from ${table}
          where kek_version <> ? and room_id > ? order by room_id limit ${page}`,
        [active, after],
      )) as (WrappedKey & { id: string })[];
      for (const { id, wrapped, version } of rows) yield { id, key: { wrapped, version } };
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  },
  replace: async (id, from, to) => {
    const rows = (await execute(
      `update ${table} set wrapped = ?, kek_version = ?, updated_at = now()
        where room_id = ? and wrapped = ? and kek_version = ? returning room_id`,
      [Buffer.from(to.wrapped), to.version, id, Buffer.from(from.wrapped), from.version],
    )) as unknown[];
    return rows.length > 0;
  },
});
