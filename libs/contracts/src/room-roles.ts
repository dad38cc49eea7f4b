import { RoomRole as WireRole } from './rooms.js';
import type { RoomRole } from './permissions.js';

const wire: Readonly<Record<RoomRole, WireRole>> = {
  owner: WireRole.OWNER,
  moderator: WireRole.MODERATOR,
  participant: WireRole.PARTICIPANT,
};

/** A role of a room as it travels. */
export const roleToWire = (role: RoomRole): WireRole => wire[role];

/** The role for a wire number; undefined for one that was not said or that we do not know. */
export const roleFromWire = (value: WireRole): RoomRole | undefined =>
  (Object.keys(wire) as RoomRole[]).find((role) => wire[role] === value);
