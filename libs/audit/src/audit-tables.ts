/** SQL of the audit table, for a service's first migration. The service's role may add rows and read them, nothing else. */
export const createAuditSql = (): string[] => [
  `create table audit (
    seq bigint primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail jsonb not null,
    prev_hash bytea not null,
    hash bytea not null
  )`,
  // The owner of a table cannot be denied its rows by a grant, so a mistake in our own code is stopped by a trigger.
  `create function audit_is_append_only() returns trigger language plpgsql as $$
  begin
    raise exception 'audit rows are never changed' using errcode = 'insufficient_privilege';
  end $$`,
  `create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only()`,
];
