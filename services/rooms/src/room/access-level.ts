import { rooms } from '@conclave/contracts';

/** Who may enter a room; see docs/admission.md. */
export type AccessLevel = 'invited' | 'code' | 'invited_and_code' | 'organisation';

/** All levels. */
export const accessLevels: readonly AccessLevel[] = ['invited', 'code', 'invited_and_code', 'organisation'];

const wire: Record<AccessLevel, rooms.AccessLevel> = {
  invited: rooms.AccessLevel.INVITED,
  code: rooms.AccessLevel.CODE,
  invited_and_code: rooms.AccessLevel.INVITED_AND_CODE,
  organisation: rooms.AccessLevel.ORGANISATION,
};

/** As it travels. */
export const accessLevelToWire = (level: AccessLevel): rooms.AccessLevel => wire[level];

/** From a request; undefined where none is said. */
export const accessLevelFromWire = (value: rooms.AccessLevel): AccessLevel | undefined =>
  accessLevels.find((level) => wire[level] === value);

/** Whether a level lets in only people with an invitation. */
export const needsInvitation = (level: AccessLevel): boolean => level === 'invited' || level === 'invited_and_code';

/** Whether a level asks for the room's code. */
export const needsCode = (level: AccessLevel): boolean => level === 'code' || level === 'invited_and_code';
