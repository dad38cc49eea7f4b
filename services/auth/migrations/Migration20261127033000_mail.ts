import { Migration } from '@mikro-orm/migrations';

/**
 * Mail that waits to leave, sign-ups whose address is not proven yet, ways back into accounts, and the language that somebody reads.
 * Additive: the release before sends nothing and makes accounts at once, as it did.
 */
export class Migration20261127033000_mail extends Migration {
  override up(): void {
    const digest = (name: string, rest = 'not null') => `${name} bytea ${rest} check (length(${name}) = 32)`;
    const times = 'created_at timestamptz not null, updated_at timestamptz not null';
    const statements = [
      `alter table "user" add column language text`,
      `create table mail (
        id uuid primary key,
        kind text not null,
        sealed bytea not null,
        for_nobody boolean not null,
        attempts integer not null,
        next_attempt_at timestamptz not null,
        expires_at timestamptz not null,
        gave_up_at timestamptz,
        error text,
        ${times}
      )`,
      'create index mail_due on mail (next_attempt_at) where gave_up_at is null',
      'create index mail_gave_up_at on mail (gave_up_at) where gave_up_at is not null',
      `create table sign_up (
        id uuid primary key,
        email text not null,
        email_key text not null,
        display_name text not null,
        password_hash text not null,
        language text not null,
        ${digest('code_digest')},
        ${digest('link_digest')} unique,
        ${digest('browser_digest')} unique,
        tries integer not null,
        expires_at timestamptz not null,
        ${times}
      )`,
      'create index sign_up_expires_at on sign_up (expires_at)',
      `create table recovery (
        id uuid primary key,
        user_id uuid references "user" (id) on delete cascade deferrable initially deferred,
        ${digest('digest')} unique,
        expires_at timestamptz not null,
        ${times}
      )`,
      'create index recovery_user_id on recovery (user_id)',
      'create index recovery_expires_at on recovery (expires_at)',
    ];
    for (const statement of statements) this.addSql(statement);
  }
}
