import { Migration } from '@mikro-orm/migrations';

/**
 * What the media server has yet to be told of ended admissions: a row stands until it has confirmed. Additive: the release before
 * tells it by itself, once.
 */
export class Migration20261126202000_media_removal extends Migration {
  override up(): void {
    for (const sql of [
      `create table media_removal (
        media_room_id uuid not null,
        join_id text not null,
        room_id uuid not null,
        user_id uuid,
        reason text,
        attempts integer not null default 0,
        due_at timestamptz not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (media_room_id, join_id)
      )`,
      `create index media_removal_due on media_removal (due_at)`,
      // Rooms whose deletion stands half done.
      `insert into media_removal (media_room_id, join_id, room_id, due_at, created_at, updated_at)
         select m.id, '', m.room_id, now(), now(), now() from media_room m join room r on r.id = m.room_id
          where r.deleted_at is not null and r.shredded_at is null`,
    ])
      this.addSql(sql);
  }
}
