import { p } from '@mikro-orm/postgresql';

/**
 * The columns every table has: `id` (UUIDv7, given by the maker), `created_at`, `updated_at`. Spread into
 * `defineEntity({ properties: { ...baseColumns(), … } })`.
 */
export const baseColumns = () => ({
  id: p.uuid().primary(),
  createdAt: p
    .datetime()
    .columnType('timestamptz')
    .onCreate(() => new Date()),
  updatedAt: p
    .datetime()
    .columnType('timestamptz')
    .onCreate(() => new Date())
    .onUpdate(() => new Date()),
});

/** The same columns for a migration's `create table`. */
export const baseColumnsSql = `id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()`;
