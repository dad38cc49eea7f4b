/** What a person is in a room. */
export const roomRoles = ['owner', 'moderator', 'participant'] as const;
/** One of them. */
export type RoomRole = (typeof roomRoles)[number];

/** What a person is in the organisation. */
export const organisationRoles = ['admin', 'auditor', 'member'] as const;
/** One of them. */
export type OrganisationRole = (typeof organisationRoles)[number];

/** One permission: whose it is, and where. A role that is not named does not have it. */
export interface PermissionRow {
  /** Roles of a room that have it there. */
  readonly room?: readonly RoomRole[];
  /** Roles of the organisation that have it everywhere. */
  readonly organisation?: readonly OrganisationRole[];
  /** `inside`: it holds only while the person is proven to be in the meeting. Otherwise belonging to the room is enough. */
  readonly presence?: 'inside';
  /** For what is done to another person: roles that it can be done to. Nobody does it to themselves. */
  readonly over?: readonly RoomRole[];
  /** Where it is asked: at a method's door, in the admission decision, or by what the media server lets somebody do. `later`: nowhere yet, and so it is nobody's. */
  readonly asked: 'method' | 'entry' | 'media' | 'audience' | 'later';
  readonly says: string;
}

const owner = ['owner'] as const;
const hosts = ['owner', 'moderator'] as const;
const everybody = roomRoles;
const guests = ['moderator', 'participant'] as const;

/** The one table of who may do what, in words of module and ability. docs/permissions.md is made from it. */
const table = {
  'room.view': { room: everybody, asked: 'method', says: 'See the room and who is inside' },
  'room.update': { room: owner, asked: 'method', says: 'Change name, access level and settings' },
  'room.delete': { room: owner, asked: 'method', says: 'Delete the room with everything in it' },
  'room.access-code': { room: owner, asked: 'method', says: 'Change and remove the access code' },
  'room.read-access-code': { room: hosts, asked: 'method', says: 'Read the access code' },
  'room.invite': { room: hosts, asked: 'method', says: 'Invite people and take invitations back' },
  'room.roles': { room: owner, over: guests, asked: 'method', says: 'Make somebody a co-host, or no longer' },
  'room.transfer': { room: owner, over: guests, asked: 'later', says: 'Give the room to somebody else' },
  'entry.bypass': {
    room: hosts,
    asked: 'entry',
    says: 'Enter without an invitation or the access code, and into a full room',
  },
  'lobby.admit': {
    room: hosts,
    asked: 'method',
    says: 'Say who waits before the door, and let in who does',
  },
  'meeting.moderate': { room: hosts, asked: 'audience', says: 'Host the meeting: hear what only hosts are told' },
  'meeting.end': { room: hosts, asked: 'method', says: 'End the meeting for all' },
  'participant.mute': { room: hosts, over: guests, asked: 'method', says: 'Mute the microphone of a participant' },
  'participant.remove': { room: hosts, over: guests, asked: 'method', says: 'Put a participant out of the room' },
  'chat.read': { room: everybody, presence: 'inside', asked: 'method', says: 'Read the chat' },
  'chat.write': { room: everybody, presence: 'inside', asked: 'method', says: 'Write in the chat' },
  'file.list': { room: everybody, presence: 'inside', asked: 'method', says: 'See which files there are' },
  'file.read': { room: everybody, presence: 'inside', asked: 'method', says: 'Open a file' },
  'file.share': { room: everybody, presence: 'inside', asked: 'method', says: 'Share a file' },
  'file.delete-own': { room: everybody, presence: 'inside', asked: 'method', says: 'Shred a file that one has shared' },
  'file.delete': { room: hosts, presence: 'inside', asked: 'method', says: 'Shred the file of somebody else' },
  'share.microphone': { room: everybody, presence: 'inside', asked: 'media', says: 'Speak' },
  'share.camera': { room: everybody, presence: 'inside', asked: 'media', says: 'Show the camera' },
  'share.screen': { room: everybody, presence: 'inside', asked: 'media', says: 'Share the screen and its sound' },
  'poll.manage': { room: hosts, presence: 'inside', asked: 'later', says: 'Ask the meeting and close the vote' },
  'recording.control': { room: hosts, presence: 'inside', asked: 'later', says: 'Start and stop a recording' },
  'whiteboard.draw': { room: everybody, presence: 'inside', asked: 'later', says: 'Draw on the whiteboard' },
  'people.manage': { organisation: ['admin'], asked: 'later', says: 'Manage accounts and their roles' },
  'policy.write': { organisation: ['admin'], asked: 'later', says: 'Set what rooms of the organisation may do' },
  'audit.read': { organisation: ['admin', 'auditor'], asked: 'later', says: 'Read the audit trail' },
} as const satisfies Record<string, PermissionRow>;

/** Something that somebody may do. */
export type Permission = keyof typeof table;

/** All of them, in the order of the table. */
export const permissions = Object.keys(table) as Permission[];

/** Whether a word from outside is one of them. */
export const isPermission = (word: string): word is Permission => Object.hasOwn(table, word);

/** The row of a permission; of a word that is none, a row that is nobody's. */
export const permissionRow = (permission: Permission): PermissionRow =>
  isPermission(permission) ? table[permission] : { asked: 'later', says: '' };

/** The roles of a room that have a permission there. What nothing asks for yet is nobody's. */
export function holdersOf(permission: Permission): readonly RoomRole[] {
  const { room, asked } = permissionRow(permission);
  return asked === 'later' || !room ? [] : room;
}

/** Whether a role of a room has a permission; no role has none. */
export const roleHas = (role: RoomRole | null, permission: Permission): boolean =>
  role !== null && holdersOf(permission).includes(role);

/** Whether a permission is for those who are in the meeting. */
export const needsPresence = (permission: Permission): boolean => permissionRow(permission).presence === 'inside';

/** How somebody stands to a room; no role: a stranger, somebody who was put out, anybody where the room is gone. */
export interface RoomStanding {
  readonly role: RoomRole | null;
  /** Whether they are in the meeting. */
  readonly inside: boolean;
}

/** What a door that any one of some permissions opens says to somebody; null where it opens. The cells of docs/permissions.md. */
export function refusalAt(
  asked: readonly Permission[],
  { role, inside }: RoomStanding,
): 'NOT_FOUND' | 'NOT_PRESENT' | 'PERMISSION_DENIED' | null {
  // Who must be inside and is not learns only that, whether there is such a room or not.
  if (asked.some(needsPresence) && (!inside || role === null)) return 'NOT_PRESENT';
  if (role === null) return 'NOT_FOUND';
  return asked.some((permission) => roleHas(role, permission)) ? null : 'PERMISSION_DENIED';
}

/** Everything that a role of a room may do there, in the order of the table. */
export const permissionsOf = (role: RoomRole): readonly Permission[] =>
  permissions.filter((permission) => roleHas(role, permission));

/** What somebody who has these permissions may do to a person of a role; nobody does anything to themselves. */
export const permissionsOver = (
  held: Iterable<Permission>,
  target: { readonly role: RoomRole; readonly self: boolean },
): readonly Permission[] =>
  target.self ? [] : [...held].filter((permission) => permissionRow(permission).over?.includes(target.role) ?? false);
