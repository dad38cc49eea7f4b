/** SQL of the counted attempts, for a migration. A row means nothing once `forgotten_at` has passed. */
export const createAttemptSql = (): string[] => [
  `create table attempt (
    key text collate "C" primary key check (length(key) between 1 and 200),
    attempts integer not null check (attempts >= 0),
    blocked_until timestamptz,
    forgotten_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  // Rows that mean nothing are swept by age.
  'create index attempt_forgotten_at on attempt (forgotten_at)',
];
