import { Migration } from '@mikro-orm/migrations';

/** Wrapped keys and nothing else. An AES-256-KW wrap of 32 bytes is exactly 40; a table that says so cannot hold a bare key. */
export class Migration20261123000000_keys extends Migration {
  override up(): void {
    this.addSql(`create table room_key (
      room_id uuid primary key,
      wrapped bytea not null check (octet_length(wrapped) = 40),
      kek_version text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql('create index room_key_kek_version on room_key (kek_version)');
    this.addSql(`create table file_key (
      file_id uuid primary key,
      room_id uuid not null references room_key on delete cascade,
      wrapped bytea not null check (octet_length(wrapped) = 40),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql('create index file_key_room on file_key (room_id)');
    this.addSql(`create table shredded_room (
      room_id uuid primary key,
      created_at timestamptz not null default now()
    )`);
  }
}
