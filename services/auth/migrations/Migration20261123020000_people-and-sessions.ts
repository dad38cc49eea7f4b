import { createAuditSql } from '@conclave/audit';
import { createOutboxSql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/** People, their passwords, personal tokens and sessions; throttles; the outbox and the audit trail. */
export class Migration20261123020000 extends Migration {
  override up(): void {
    // Foreign keys are checked at commit: entities hold plain ids, so the order in which rows are written is nobody's care.
    const statements = [
      `create table "user" (
        id uuid primary key,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        email text not null,
        email_key text not null constraint user_email_key_unique unique,
        email_verified boolean not null,
        display_name text not null
      )`,
      `create table password_credential (
        user_id uuid primary key references "user" (id) on delete cascade deferrable initially deferred,
        hash text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`,
      `create table personal_token (
        user_id uuid primary key references "user" (id) on delete cascade deferrable initially deferred,
        digest bytea not null constraint personal_token_digest_unique unique check (length(digest) = 32),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`,
      `create table session (
        id uuid primary key,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred,
        token_digest bytea not null constraint session_token_digest_unique unique check (length(token_digest) = 32),
        user_agent text not null,
        client_address text not null,
        last_seen_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz
      )`,
      // Lists of one person's sessions, newest first, and whether a device is known.
      `create index session_user_id on session (user_id, id)`,
      `create table throttle (
        key bytea primary key,
        attempts integer not null,
        blocked_until timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`,
      // Old rows are swept by age.
      `create index throttle_updated_at on throttle (updated_at)`,
      `create table signing_key (
        kid text primary key,
        first_seen_at timestamptz not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`,
      ...createOutboxSql(),
      ...createAuditSql(),
    ];
    for (const statement of statements) this.addSql(statement);
  }
}
