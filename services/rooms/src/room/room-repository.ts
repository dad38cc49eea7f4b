import { permissionsOf, type RoomRole } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Grant } from '@conclave/messaging';
import { rows } from '@conclave/persistence';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { RoomMember } from './room-member.js';
import { Room } from './room.js';

// `refresh`: an entity that an earlier transaction of the same request loaded is old by now.
const fresh = { refresh: true } as const;
const locked = { refresh: true, lockMode: LockMode.PESSIMISTIC_WRITE } as const;

/** A room by its link; deleted ones are not found. */
export async function findRoom(em: EntityManager, slug: string): Promise<Room> {
  const room = await em.findOne(Room, { slug, deletedAt: null }, fresh);
  if (!room) throw new DomainError('NOT_FOUND');
  return room;
}

/** A room by its link, locked until the commit, for those who stand before the door and have no grant. */
export async function lockRoomAtDoor(em: EntityManager, slug: string): Promise<Room> {
  const room = await em.findOne(Room, { slug, deletedAt: null }, locked);
  if (!room) throw new DomainError('NOT_FOUND');
  return room;
}

/** A room by its id, locked until the commit; null where it is deleted. */
export const lockRoomById = (em: EntityManager, id: string): Promise<Room | null> =>
  em.findOne(Room, { id, deletedAt: null }, locked);

/**
 * The room of a grant, locked until the commit. Whatever changes who may be inside, or writes about a meeting, takes this lock
 * first: entry, removal, rotation, messages, reports of the media server happen one after another, and never wait in a circle.
 * Under the lock the right is read again: where it went away while this waited, the act is refused as the door would refuse it.
 */
export async function lockRoom(em: EntityManager, grant: Grant): Promise<Room> {
  const room = await lockRoomById(em, grant.roomId);
  const role = room && (await roleNow(em, grant));
  grant.requireStill(role && permissionsOf(role));
  if (!room) throw new DomainError('NOT_FOUND');
  return room;
}

/** The room of a grant, only read. */
export async function readRoom(em: EntityManager, grant: Grant): Promise<Room> {
  const room = await em.findOne(Room, { id: grant.roomId, deletedAt: null }, fresh);
  if (!room) throw new DomainError('NOT_FOUND');
  return room;
}

/** What somebody is to a room; null for strangers. */
export const findMember = (em: EntityManager, roomId: string, userId: string): Promise<RoomMember | null> =>
  em.findOne(RoomMember, { roomId, userId }, fresh);

/** Who came by presence must still be admitted: a removed person's last word is not one after the removal. */
async function roleNow(em: EntityManager, { roomId, person, joinId }: Grant): Promise<RoomRole | null> {
  if (joinId === undefined) return (await findMember(em, roomId, person.userId))?.activeRole ?? null;
  const [admission] = await rows<{ role: RoomRole }>(
    em,
    'select role from admission where join_id = ? and room_id = ? and user_id = ? and revoked_at is null',
    [joinId, roomId, person.userId],
  );
  return admission?.role ?? null;
}
