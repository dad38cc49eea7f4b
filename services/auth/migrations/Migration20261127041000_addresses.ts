import { Migration } from '@mikro-orm/migrations';

/**
 * Addresses that accounts want, and ways back to those that they had. Additive: the release before knows neither, and may give away an
 * address that is held back for whoever had it.
 */
export class Migration20261127041000_addresses extends Migration {
  override up(): void {
    const user = 'user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred';
    const digest = (name: string) => `${name} bytea not null check (length(${name}) = 32)`;
    const times = 'expires_at timestamptz not null, created_at timestamptz not null, updated_at timestamptz not null';
    const statements = [
      `create table address_change (
        id uuid primary key,
        ${user},
        email text not null,
        ${digest('code_digest')},
        ${digest('link_digest')} unique,
        tries integer not null,
        ${times}
      )`,
      'create index address_change_user_id on address_change (user_id)',
      `create table address_return (
        id uuid primary key,
        ${user},
        email text not null,
        email_key text not null,
        ${digest('digest')} unique,
        ${times}
      )`,
      'create index address_return_user_id on address_return (user_id)',
      'create index address_return_email_key on address_return (email_key)',
      'create index address_return_expires_at on address_return (expires_at)',
    ];
    for (const statement of statements) this.addSql(statement);
  }
}
