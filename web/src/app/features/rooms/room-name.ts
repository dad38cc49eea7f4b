import { nameRule } from '../../shared/field/name-rule';

/** What a room may be called, wherever it is typed. */
export const roomName = nameRule(120, $localize`:@@rooms.nameMissing:Give the room a name.`);
