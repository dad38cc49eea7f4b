import { Migration } from '@mikro-orm/migrations';

/**
 * Uploads that go on after a break. `epoch` says who of several may move an upload: each take-over raises it. Additive: the release
 * before writes no row here and knows no epoch; what it leaves unfinished ends with its lease, as before.
 */
export class Migration20261126235000_resumable_uploads extends Migration {
  override up(): void {
    this.addSql('alter table file add column epoch bigint not null default 0');
    this.addSql(`create table upload (
      file_id uuid primary key references file (id) on delete cascade,
      stored bigint not null default 0 check (stored >= 0),
      began bigint,
      fruitless integer not null default 0,
      store_upload_id text,
      state bytea,
      pieces text[] not null default '{}',
      expires_at timestamptz,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql('create index upload_expires on upload (expires_at) where expires_at is not null');
    this.addSql(`create table upload_part (
      file_id uuid not null references upload (file_id) on delete cascade,
      part integer not null check (part >= 1),
      number integer not null check (number between 1 and 10000),
      etag text not null,
      length bigint not null,
      created_at timestamptz not null default now(),
      primary key (file_id, part)
    )`);
  }
}
