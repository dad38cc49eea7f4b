import { Migration } from '@mikro-orm/migrations';

/**
 * A file takes space as its bytes come, from its room and from whoever shares it. Additive: the release before reserves the whole
 * size at once and leaves `charged` empty, which is read as "the room, whole"; a sweep brings sums that it left behind in order.
 */
export class Migration20261126200700_charged_uploads extends Migration {
  override up(): void {
    this.addSql('alter table file add column charged bigint check (charged >= 0)');
    this.addSql('update file set charged = size');
    this.addSql('create index file_owner on file (owner_id)');
    this.addSql(`create table person_usage (
      person_id uuid primary key,
      bytes bigint not null check (bytes >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
    this.addSql(`insert into person_usage (person_id, bytes)
      select owner_id, sum(size) from file where status in ('reserved', 'uploading', 'available', 'lost') group by owner_id`);
  }
}
