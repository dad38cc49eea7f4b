import { createAuditSql } from '@conclave/audit';
import { createFeedCursorSql, createOutboxSql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/** The index of files: what lies where and who shared it. No name, no type, no key. */
export class Migration20261123000000_index extends Migration {
  override up(): void {
    this.addSql(`create table file (
      id uuid primary key,
      room_id uuid not null,
      owner_id uuid not null,
      status text not null check (status in ('reserved', 'uploading', 'available', 'deleting', 'failed', 'lost')),
      object_key text not null unique collate "C",
      metadata bytea not null,
      size bigint not null check (size >= 0),
      sha256 bytea check (octet_length(sha256) = 32),
      header bytea check (octet_length(header) = 72),
      object_length bigint,
      object_sha256 bytea check (octet_length(object_sha256) = 32),
      manifest_tag bytea check (octet_length(manifest_tag) = 32),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (status not in ('available', 'lost') or
        (sha256 is not null and header is not null and object_length is not null and object_sha256 is not null and manifest_tag is not null))
    )`);
    this.addSql(
      `create index file_room_shown on file (room_id, id desc) where status in ('uploading', 'available', 'lost')`,
    );
    this.addSql(`create index file_sweep on file (status, updated_at) where status <> 'available'`);
    this.addSql(`create table room_usage (
      room_id uuid primary key,
      bytes bigint not null check (bytes >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    for (const sql of [...createOutboxSql(), ...createFeedCursorSql(), ...createAuditSql()]) this.addSql(sql);
  }
}
