import { DomainError } from '@conclave/errors';
import type { RoomRole } from './room-member.js';

/** What may be done in a room, and by whom. A permission without a row is nobody's. */
const holders = {
  'room.view': ['owner', 'moderator', 'participant'],
  'room.update': ['owner'],
  'room.delete': ['owner'],
  'room.access-code': ['owner'],
  'room.invite': ['owner', 'moderator'],
  'meeting.moderate': ['owner', 'moderator'],
  'meeting.end': ['owner', 'moderator'],
} as const satisfies Record<string, readonly RoomRole[]>;

/** Something that may be done in a room. */
export type RoomPermission = keyof typeof holders;

/** All of them. */
export const roomPermissions = Object.keys(holders) as RoomPermission[];

/** The one function that decides by role; no role and an unknown permission are refused. */
export const mayDo = (role: RoomRole | null, permission: RoomPermission): boolean =>
  role !== null && Object.hasOwn(holders, permission) && (holders[permission] as readonly RoomRole[]).includes(role);

/** Refuses what the role may not do; somebody without a role does not learn that the room exists. */
export function requirePermission(role: RoomRole | null, permission: RoomPermission): void {
  if (mayDo(role, permission)) return;
  throw new DomainError(role === null ? 'NOT_FOUND' : 'PERMISSION_DENIED');
}
