import { rooms } from '@conclave/contracts';
import { z } from 'zod';
import { can, id, instant, instantOrNull, permissionsIn, person, present, slug, time } from '../schemas.js';

/** Who may enter. */
export const accessLevel = z.enum(['invited', 'code', 'invited_and_code', 'organisation']);

/** What a person is in a room. */
export const role = z.enum(['owner', 'moderator', 'participant']);

/** Rules of the house. */
export const settings = z.strictObject({ askPersonalToken: z.boolean() }).meta({ id: 'RoomSettings' });

/** One occurrence, going on now. */
export const meeting = z.strictObject({ startedAt: time, participantCount: z.number().int() }).meta({ id: 'Meeting' });

/** A room as its members see it. */
export const room = z
  .strictObject({
    id,
    slug,
    name: z.string(),
    accessLevel,
    settings,
    role,
    owner: person,
    createdAt: time,
    lastUsedAt: time.nullable(),
    meeting: meeting.nullable(),
    memberCount: z.number().int(),
    can,
  })
  .meta({ id: 'Room' });

const levels = {
  invited: rooms.AccessLevel.INVITED,
  code: rooms.AccessLevel.CODE,
  invited_and_code: rooms.AccessLevel.INVITED_AND_CODE,
  organisation: rooms.AccessLevel.ORGANISATION,
} as const;

/** The level on the bus. */
export const levelToWire = (level: z.output<typeof accessLevel>): rooms.AccessLevel => levels[level];

/** The level in the API; one we do not know (a newer rooms) is a bug of ours. */
export function levelView(level: rooms.AccessLevel): z.input<typeof accessLevel> {
  const found = accessLevel.options.find((name) => levels[name] === level);
  return present(found);
}

/** The role in the API. */
export function roleView(wire: rooms.RoomRole): z.input<typeof role> {
  switch (wire) {
    case rooms.RoomRole.OWNER:
      return 'owner';
    case rooms.RoomRole.MODERATOR:
      return 'moderator';
    case rooms.RoomRole.PARTICIPANT:
      return 'participant';
    case rooms.RoomRole.UNSPECIFIED:
      throw new TypeError('a role is missing in an answer');
  }
}

export const personView = (wire: rooms.RoomPerson | undefined): z.input<typeof person> => {
  const { id, displayName } = present(wire);
  return { id, displayName };
};

export const meetingView = (wire: rooms.Meeting | undefined): z.input<typeof meeting> | null =>
  wire ? { startedAt: instant(wire.startedAt), participantCount: wire.participantCount } : null;

export function roomView(wire: rooms.Room | undefined): z.input<typeof room> {
  const { id, slug, name, accessLevel, settings, role, owner, createdAt, lastUsedAt, meeting, memberCount, can } =
    present(wire);
  return {
    id,
    slug,
    name,
    accessLevel: levelView(accessLevel),
    settings: { askPersonalToken: settings?.askPersonalToken ?? false },
    role: roleView(role),
    owner: personView(owner),
    createdAt: instant(createdAt),
    lastUsedAt: instantOrNull(lastUsedAt),
    meeting: meetingView(meeting),
    memberCount,
    can: permissionsIn(can),
  };
}
