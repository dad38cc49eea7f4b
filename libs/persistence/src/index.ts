export type { AttemptKey, AttemptLimit, Standing } from './attempts/attempt-limit.js';
export { createAttemptSql } from './attempts/attempt-tables.js';
export { Attempts, type CountedAttempt } from './attempts/attempts.js';
export { Alarm } from './feed/alarm.js';
export { FeedConsumer, type FeedConsumerOptions, type FeedItem } from './feed/feed-consumer.js';
export { type FeedEvent, FeedFollower, type Followed } from './feed/feed-follower.js';
export { createFeedCursorSql } from './feed/feed-tables.js';
export { createIdempotencySql } from './idempotency/idempotency-tables.js';
export { RepeatableCalls } from './idempotency/repeatable-calls.js';
export { migrateCommand } from './migrations/migrate-command.js';
export { migrationsFolder } from './migrations/migrations-folder.js';
export { isSchemaCurrent, type MigrationOutcome, runMigrations } from './migrations/run-migrations.js';
export { schemaFloorSql, type SchemaFloor } from './migrations/schema-floor.js';
export { readSchemaState, requireFloor, type SchemaState } from './migrations/schema-state.js';
export { waitForSchema, type SchemaWait } from './migrations/wait-for-schema.js';
export { createOrm } from './orm/create-orm.js';
export { isRetryable } from './orm/database-errors.js';
export type { Orm, PersistenceOptions } from './orm/options.js';
export { rows } from './orm/rows.js';
export { withOrm } from './orm/with-orm.js';
export { PreparedQuery } from './orm/prepared-query.js';
export { rawSql, type RawSql, withRawSql } from './orm/raw-sql.js';
export { RequestContextInterceptor, withRequestContext } from './orm/request-context.js';
export { type FeedPage, OutboxFeed, type OutboxRow } from './outbox/outbox-feed.js';
export { createOutboxSql } from './outbox/outbox-tables.js';
export { NoWakeUp, Outbox, type OutboxEvent, OutboxWakeUp } from './outbox/outbox.js';
export { databaseCheck, databaseClock } from './preflight/database-check.js';
export {
  InjectEntityManager,
  InjectOrm,
  InjectTransaction,
  ormToken,
  PersistenceModule,
} from './persistence.module.js';
export { afterCommit } from './orm/after-commit.js';
export { Transaction, type TransactionOptions } from './transaction/transaction.js';
