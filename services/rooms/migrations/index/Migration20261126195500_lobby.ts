import { Migration } from '@mikro-orm/migrations';

/**
 * Newcomers may have to wait until a host lets them in, and hosts hear when many wrong codes were tried. Additive: the release
 * before lets newcomers in as the access level says, until the last of its processes is gone.
 */
export class Migration20261126195500_lobby extends Migration {
  override up(): void {
    for (const sql of [
      `alter table room add column newcomers_wait_since timestamptz, add column code_guessed_at timestamptz`,
      `create table entry_request (
        id uuid primary key,
        room_id uuid not null references room,
        user_id uuid not null,
        display_name text not null,
        verified boolean not null,
        state text not null check (state in ('waiting', 'admitted', 'denied', 'expired', 'cancelled')),
        expires_at timestamptz not null,
        seen_at timestamptz not null,
        decided_by uuid,
        decided_at timestamptz,
        used_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create unique index entry_request_waiting on entry_request (room_id, user_id) where state = 'waiting'`,
      `create index admission_person on admission (room_id, user_id)`,
      `create index entry_request_person on entry_request (room_id, user_id, id)`,
    ])
      this.addSql(sql);
  }
}
