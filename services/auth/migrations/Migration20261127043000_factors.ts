import { Migration } from '@mikro-orm/migrations';

/**
 * Second factors, sign-ins that wait for one, and when a session was last proven. Additive: the release before asks nobody for a factor and
 * writes sessions that were never proven anew. Until it is gone it signs people with a factor in by their password alone.
 */
export class Migration20261127043000_factors extends Migration {
  override up(): void {
    this.addSql(`alter table session add column proven_at timestamptz`);
    this.addSql(`create table totp_factor (
      id uuid primary key,
      user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred,
      name text not null,
      sealed_secret bytea not null,
      last_step bigint not null,
      confirmed_at timestamptz,
      last_used_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index totp_factor_user on totp_factor (user_id, id)`);
    this.addSql(`create table recovery_code (
      digest bytea primary key check (length(digest) = 32),
      user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred,
      created_at timestamptz not null
    )`);
    this.addSql(`create index recovery_code_user on recovery_code (user_id)`);
    this.addSql(`create table sign_in_challenge (
      digest bytea primary key check (length(digest) = 32),
      user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred,
      expires_at timestamptz not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create index sign_in_challenge_expires_at on sign_in_challenge (expires_at)`);
  }
}
