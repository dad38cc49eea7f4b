import { Migration } from '@mikro-orm/migrations';

/** Passkeys, and what devices are to sign. Additive: the release before asks nobody for one. */
export class Migration20261127043500_passkeys extends Migration {
  override up(): void {
    this.addSql(`create table passkey (
      id uuid primary key,
      user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred,
      name text not null,
      credential_id text not null constraint passkey_credential_id_unique unique,
      public_key bytea not null,
      counter bigint not null,
      last_used_at timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
    this.addSql(`create index passkey_user on passkey (user_id, id)`);
    this.addSql(`create table passkey_challenge (
      digest bytea primary key check (length(digest) = 32),
      user_id uuid references "user" (id) on delete cascade deferrable initially deferred,
      expires_at timestamptz not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create index passkey_challenge_expires_at on passkey_challenge (expires_at)`);
  }
}
