/**
 * SQL of the outbox, for a service's first migration. `xid` is the writing transaction: a reader that stays below the
 * oldest one still running never skips a transaction that commits late.
 */
export const createOutboxSql = (): string[] => [
  `create table outbox (
    id uuid not null,
    xid xid8 not null default pg_current_xact_id(),
    type text not null,
    payload jsonb not null,
    occurred_at timestamptz not null default now(),
    primary key (xid, id)
  )`,
];
