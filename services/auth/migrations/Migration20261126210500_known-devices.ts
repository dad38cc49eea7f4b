import { Migration } from '@mikro-orm/migrations';

/**
 * Browsers that a person has signed in with, by a random cookie of their own. Additive: the release before goes on with address and
 * browser of earlier sessions, and nobody is known to this one before they have signed in once.
 */
export class Migration20261126210500_known_devices extends Migration {
  override up(): void {
    this.addSql(`create table known_device (
      digest bytea not null check (length(digest) = 32),
      user_id uuid not null references "user" (id) on delete cascade deferrable initially deferred,
      last_used_at timestamptz not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (digest, user_id)
    )`);
    this.addSql(`create index known_device_user on known_device (user_id, last_used_at)`);
  }
}
