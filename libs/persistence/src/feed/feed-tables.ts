/** SQL of the cursors, for the first migration of a service that follows another one's feed. */
export const createFeedCursorSql = (): string[] => [
  `create table feed_cursor (
    name text primary key,
    cursor text not null default '',
    updated_at timestamptz not null default now()
  )`,
];
