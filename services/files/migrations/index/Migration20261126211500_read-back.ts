import { Migration } from '@mikro-orm/migrations';

/** When an object was last read from end to end. Additive: the release before reads none back and leaves it empty. */
export class Migration20261126211500_read_back extends Migration {
  override up(): void {
    this.addSql('alter table file add column read_at timestamptz');
    this.addSql(`create index file_read_back on file (read_at nulls first) where status = 'available'`);
  }
}
