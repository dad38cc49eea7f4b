/** SQL of the table of calls that may come twice, for a service's migration. */
export const createIdempotencySql = (): string[] => [
  `create table idempotency (
    principal text not null,
    method text not null,
    key text not null,
    request_hash bytea not null,
    response bytea,
    created_at timestamptz not null default now(),
    primary key (principal, method, key)
  )`,
  'create index idempotency_created_at on idempotency (created_at)',
];
