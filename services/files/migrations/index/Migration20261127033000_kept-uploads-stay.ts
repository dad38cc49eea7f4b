import { Migration } from '@mikro-orm/migrations';

/**
 * The release before knows leases alone and ends whatever stood still for 30 seconds. While its processes run beside ours, an upload
 * that is kept does not fail before it is over: its sweeper finds nothing to end there, and shreds no key. Whoever means to end one
 * says first that it is over. May go once no release runs that does not look at `upload.expires_at`.
 */
export class Migration20261127033000_kept_uploads_stay extends Migration {
  override up(): void {
    this.addSql(`create function kept_upload_stays() returns trigger language plpgsql as $$
      begin
        if exists (select from upload where file_id = old.id and expires_at > now()) then return null; end if;
        return new;
      end $$`);
    this.addSql(`create trigger kept_upload_stays before update of status on file for each row
      when (new.status = 'failed' and old.status in ('reserved', 'uploading')) execute function kept_upload_stays()`);
  }
}
