import { createFeedCursorSql, createOutboxSql } from '@conclave/persistence';
import { Migration } from '@mikro-orm/migrations';

/** Everything rooms starts with. */
export class Migration20261123000000_rooms extends Migration {
  override up(): void {
    for (const sql of [...createOutboxSql(), ...createFeedCursorSql(), ...tables]) this.addSql(sql);
  }
}

const tables = [
  `create table room (
    id uuid primary key,
    slug text not null unique,
    name text not null,
    owner_id uuid not null,
    access_level text not null check (access_level in ('invited', 'code', 'invited_and_code', 'organisation')),
    ask_personal_token boolean not null,
    capacity integer not null check (capacity > 0),
    code_hash text,
    code_sealed bytea,
    code_version integer not null,
    last_used_at timestamptz,
    activity_at timestamptz not null generated always as (coalesce(last_used_at, created_at)) stored,
    deleted_at timestamptz,
    shredded_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((code_hash is null) = (code_sealed is null))
  )`,
  `create index room_to_shred on room (deleted_at) where deleted_at is not null and shredded_at is null`,
  `create table room_member (
    room_id uuid not null references room,
    user_id uuid not null,
    role text not null check (role in ('owner', 'moderator', 'participant')),
    status text not null check (status in ('active', 'ended', 'removed')),
    display_name text not null,
    invitation_id uuid,
    code_version integer,
    removed_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (room_id, user_id),
    check ((status = 'removed') = (removed_at is not null))
  )`,
  `create index room_member_user on room_member (user_id) where status = 'active'`,
  `create table invitation (
    id uuid primary key,
    room_id uuid not null references room,
    email text,
    email_key text,
    token_hash bytea not null unique,
    invited_by uuid not null,
    expires_at timestamptz not null,
    accepted_by uuid,
    accepted_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((accepted_by is null) = (accepted_at is null))
  )`,
  `create index invitation_room on invitation (room_id, id)`,
  `create index invitation_pending on invitation (room_id, email_key) where accepted_at is null and revoked_at is null`,
  `create table access_code_attempt (
    room_id uuid not null references room,
    subject text not null,
    failures integer not null,
    last_failure_at timestamptz not null,
    blocked_until timestamptz,
    primary key (room_id, subject)
  )`,
  `create table meeting (
    id uuid primary key,
    room_id uuid not null references room,
    started_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create unique index meeting_open on meeting (room_id) where ended_at is null`,
  `create table admission (
    join_id text primary key,
    room_id uuid not null references room,
    meeting_id uuid not null references meeting,
    user_id uuid not null,
    session_id text not null,
    role text not null check (role in ('owner', 'moderator', 'participant')),
    display_name text not null,
    last_active_at timestamptz,
    last_seen_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((revoked_at is null) = (revoked_reason is null))
  )`,
  `create index admission_live on admission (room_id, user_id) where revoked_at is null`,
  `create index admission_session on admission (session_id) where revoked_at is null`,
  // Sessions that auth ended: a principal token made just before must not be admitted just after.
  `create table ended_session (
    session_id text primary key,
    ended_at timestamptz not null
  )`,
  `create table participation (
    id uuid primary key,
    meeting_id uuid not null references meeting,
    room_id uuid not null references room,
    join_id text not null references admission,
    sid text not null,
    user_id uuid not null,
    joined_at timestamptz not null,
    left_at timestamptz,
    left_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (join_id, sid)
  )`,
  `create index participation_open on participation (room_id) where left_at is null`,
  `create table message (
    id uuid primary key,
    room_id uuid not null references room,
    author_id uuid not null,
    sealed bytea not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create index message_room on message (room_id, id)`,
  `create table room_event_counter (
    room_id uuid primary key references room,
    last_seq bigint not null
  )`,
  `create table room_event (
    room_id uuid not null references room,
    seq bigint not null,
    type text not null,
    data jsonb not null,
    created_at timestamptz not null,
    primary key (room_id, seq)
  )`,
  `create table webhook_event (
    id text primary key,
    received_at timestamptz not null
  )`,
  `create index webhook_event_received on webhook_event (received_at)`,
];
