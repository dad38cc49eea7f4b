import { roleHas, type Permission, type RoomRole } from '@conclave/contracts';

/** What a participant may send, in the media server's words. */
export type MediaSource = 'camera' | 'microphone' | 'screen_share' | 'screen_share_audio';

const sources: readonly (readonly [MediaSource, Permission])[] = [
  ['camera', 'share.camera'],
  ['microphone', 'share.microphone'],
  ['screen_share', 'share.screen'],
  ['screen_share_audio', 'share.screen'],
];

/** What the media server lets somebody do, and the role that it shows to others. */
export interface MediaRights {
  readonly role: RoomRole;
  readonly sources: readonly MediaSource[];
}

/** The rights of a role, from the table of permissions. */
export const mediaRightsOf = (role: RoomRole): MediaRights => ({
  role,
  sources: sources.filter(([, permission]) => roleHas(role, permission)).map(([source]) => source),
});
