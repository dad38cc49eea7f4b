import { Migration } from '@mikro-orm/migrations';

/**
 * A media room stands between a room and the media server, and a service (recorder, transcriber) may be admitted that is no
 * person. Additive: rooms that exist keep the name the media server knows, so that meetings go on; admissions of the code
 * before name no media room and mean the room's own id.
 */
export class Migration20261126164000_media_rooms extends Migration {
  override up(): void {
    for (const sql of [
      `create table media_room (
        id uuid primary key,
        room_id uuid not null references room,
        kind text not null check (kind in ('main', 'breakout')),
        name text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create unique index media_room_main on media_room (room_id) where kind = 'main'`,
      `create index media_room_room on media_room (room_id)`,
      `insert into media_room (id, room_id, kind, name, created_at, updated_at)
         select id, id, 'main', '', now(), now() from room where shredded_at is null`,
      `alter table admission add column media_room_id uuid references media_room`,
      `alter table admission add column service text check (service in ('recorder', 'transcriber'))`,
      `alter table admission alter column user_id drop not null`,
      `alter table admission add constraint admission_person_or_service check ((user_id is null) = (service is not null))`,
      `alter table participation alter column user_id drop not null`,
    ])
      this.addSql(sql);
  }
}
