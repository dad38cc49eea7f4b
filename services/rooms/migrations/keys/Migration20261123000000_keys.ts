import { Migration } from '@mikro-orm/migrations';

/** Schema `keys`, owned by role rooms_keys: the service's other role has no right in it. */
export class Migration20261123000000_keys extends Migration {
  override up(): void {
    this.addSql(`create table keys.message_key (
      room_id uuid primary key,
      wrapped bytea not null check (octet_length(wrapped) = 40),
      kek_version text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    )`);
  }
}
