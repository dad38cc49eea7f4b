import { Migration } from '@mikro-orm/migrations';

/**
 * Manifests of version 2: the root of a file's tags in place of the hash of its object, and a CRC-32 of the object. Additive: the
 * release before goes on writing rows of version 1, which is what a row is that says nothing; it does not open those of version 2.
 * The one check over several columns is the one without a name of ours.
 */
export class Migration20261127000500_manifest_2 extends Migration {
  override up(): void {
    this.addSql(`alter table file
      add column manifest_version smallint not null default 1 check (manifest_version in (1, 2)),
      add column tag_root bytea check (octet_length(tag_root) = 32),
      add column object_crc32 bigint check (object_crc32 between 0 and 4294967295)`);
    this.addSql('alter table file drop constraint file_check');
    this.addSql(`alter table file add constraint file_whole check (status not in ('available', 'lost') or
      (header is not null and object_length is not null and manifest_tag is not null and
        case manifest_version when 1 then object_sha256 is not null else tag_root is not null and object_crc32 is not null end))`);
  }
}
