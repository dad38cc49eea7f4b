import { roleHas, type Permission, type RoomRole } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';

/** Refuses what the role may not do; somebody without a role does not learn that the room exists. */
export function requirePermission(role: RoomRole | null, permission: Permission): void {
  if (roleHas(role, permission)) return;
  throw new DomainError(role === null ? 'NOT_FOUND' : 'PERMISSION_DENIED');
}
