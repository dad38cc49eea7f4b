import { DomainError } from '@conclave/errors';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { Permission } from '@conclave/contracts';
import { requirePermission } from './permissions.js';
import { isSlug } from './ids.js';
import { RoomMember } from './room-member.js';
import { Room } from './room.js';

// `refresh`: an entity that an earlier transaction of the same request loaded is old by now.
const fresh = { refresh: true } as const;
const locked = { refresh: true, lockMode: LockMode.PESSIMISTIC_WRITE } as const;

/** A room by its link; deleted ones are not found. */
export async function findRoom(em: EntityManager, slug: string): Promise<Room> {
  const room = isSlug(slug) ? await em.findOne(Room, { slug, deletedAt: null }, fresh) : null;
  if (!room) throw new DomainError('NOT_FOUND');
  return room;
}

/**
 * A room by its link, locked until the commit. Whatever changes who may be inside, or writes about a meeting, takes this lock
 * first: entry, removal, rotation, messages, reports of the media server happen one after another, and never wait in a circle.
 */
export async function lockRoom(em: EntityManager, slug: string): Promise<Room> {
  const room = isSlug(slug) ? await em.findOne(Room, { slug, deletedAt: null }, locked) : null;
  if (!room) throw new DomainError('NOT_FOUND');
  return room;
}

/** The same by id; null where it is deleted. */
export const lockRoomById = (em: EntityManager, id: string): Promise<Room | null> =>
  em.findOne(Room, { id, deletedAt: null }, locked);

/** What somebody is to a room; null for strangers. */
export const findMember = (em: EntityManager, roomId: string, userId: string): Promise<RoomMember | null> =>
  em.findOne(RoomMember, { roomId, userId }, fresh);

/** A room in which the caller may do something; the room is locked. */
export async function lockRoomFor(
  em: EntityManager,
  slug: string,
  userId: string,
  permission: Permission,
): Promise<Room> {
  const room = await lockRoom(em, slug);
  requirePermission((await findMember(em, room.id, userId))?.activeRole ?? null, permission);
  return room;
}

/** A room in which the caller may do something; only read. */
export async function findRoomFor(
  em: EntityManager,
  slug: string,
  userId: string,
  permission: Permission,
): Promise<Room> {
  const room = await findRoom(em, slug);
  requirePermission((await findMember(em, room.id, userId))?.activeRole ?? null, permission);
  return room;
}
