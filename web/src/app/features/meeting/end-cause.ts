import type { ErrorReason } from '@conclave/errors';
import type { StayEnd } from '../../core/api/api';
import type { ApiProblem } from '../../core/api/problem';
import type { IconName } from '../../shared/icon/icons';

/** Why one is no longer in the meeting. */
export type EndCause =
  | 'left'
  | 'removed'
  | 'ended-by-host'
  | 'ended-by-me'
  | 'room-deleted'
  | 'signed-out'
  | 'membership-ended'
  | 'moved'
  | 'interrupted'
  | 'server'
  | 'network'
  | 'not-connected';

/** What the server says of a stay that is over; null where it ended by itself and one may come back in. */
const CAUSES: Record<StayEnd, EndCause | null> = {
  left: 'left',
  removed: 'removed',
  meeting_ended: 'ended-by-host',
  room_deleted: 'room-deleted',
  session_ended: 'signed-out',
  membership_ended: 'membership-ended',
  moved: 'moved',
  not_connected: null,
  media_failed: null,
};

export const causeOfStay = (end: StayEnd): EndCause | null => CAUSES[end];

/** What goes by: asked again, the answer may be another. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RATE_LIMITED',
  'BUSY',
  'INTERNAL',
]);

/** What a door means that does not let one back in; null where it may later. */
export function causeOfRefusal({ reason }: ApiProblem): EndCause | null {
  if (PASSING.has(reason)) return null;
  switch (reason) {
    case 'REMOVED_FROM_ROOM':
      return 'removed';
    case 'UNAUTHENTICATED':
      return 'signed-out';
    case 'NOT_FOUND':
      return 'room-deleted';
    case 'NOT_INVITED':
      return 'membership-ended';
    default:
      return 'interrupted';
  }
}

/** How an end is told, and whether coming back makes sense. */
export interface EndWords {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly rejoin: string | null;
}

export const END_WORDS: Record<EndCause, EndWords> = {
  left: {
    icon: 'door-open',
    title: $localize`:@@meeting.leftTitle:You left the meeting`,
    text: $localize`:@@meeting.leftText:The room’s files and messages are closed for you now. They open again when you come back.`,
    rejoin: $localize`:@@meeting.rejoin:Rejoin`,
  },
  removed: {
    icon: 'user-minus',
    title: $localize`:@@meeting.removedTitle:A host removed you from this meeting`,
    text: $localize`:@@meeting.removedText:Its files and messages are closed. You can enter again once a host invites you again.`,
    rejoin: null,
  },
  'ended-by-host': {
    icon: 'check',
    title: $localize`:@@meeting.endedByHostTitle:The meeting has ended`,
    text: $localize`:@@meeting.endedByHostText:A host ended it for everyone. The room stays, and so do its files.`,
    rejoin: $localize`:@@meeting.endedByHostRejoin:Enter again`,
  },
  'ended-by-me': {
    icon: 'check',
    title: $localize`:@@meeting.endedByMeTitle:You ended the meeting for everyone`,
    text: $localize`:@@meeting.endedByMeText:Nobody is inside any longer. The room stays, and so do its files.`,
    rejoin: $localize`:@@meeting.endedByHostRejoin:Enter again`,
  },
  'room-deleted': {
    icon: 'trash',
    title: $localize`:@@meeting.roomDeletedTitle:This room was deleted`,
    text: $localize`:@@meeting.roomDeletedText:Its files are shredded and its messages can be read by nobody any longer.`,
    rejoin: null,
  },
  'signed-out': {
    icon: 'lock',
    title: $localize`:@@meeting.signedOutTitle:You were signed out`,
    text: $localize`:@@meeting.signedOutText:The session on this device has ended, so the meeting closed. Sign in and come back.`,
    rejoin: $localize`:@@meeting.signedOutRejoin:Sign in and rejoin`,
  },
  'membership-ended': {
    icon: 'mail',
    title: $localize`:@@meeting.membershipEndedTitle:Your invitation was taken back`,
    text: $localize`:@@meeting.membershipEndedText:A host ended your membership in this room, so the meeting closed for you. Ask them if you still should come.`,
    rejoin: null,
  },
  moved: {
    icon: 'monitor',
    title: $localize`:@@meeting.movedTitle:You moved to another tab or device`,
    text: $localize`:@@meeting.movedText:You go on there, so the meeting closed here. You can move it back.`,
    rejoin: $localize`:@@meeting.movedRejoin:Move it back here`,
  },
  interrupted: {
    icon: 'door-open',
    title: $localize`:@@meeting.interruptedTitle:The meeting was interrupted for you`,
    text: $localize`:@@meeting.interruptedText:To let you back in, the door asks for something only you can give or decide.`,
    rejoin: $localize`:@@meeting.interruptedRejoin:Go to the door`,
  },
  server: {
    icon: 'refresh-cw',
    title: $localize`:@@meeting.serverTitle:The media server does not let anybody in`,
    text: $localize`:@@meeting.serverText:It was restarted or is out of reach, and we tried for a while to bring you back in. Nothing is lost. Try again in a moment.`,
    rejoin: $localize`:@@meeting.rejoin:Rejoin`,
  },
  network: {
    icon: 'wifi-off',
    title: $localize`:@@meeting.networkTitle:The connection was lost`,
    text: $localize`:@@meeting.networkText:We tried to come back and could not. Check your network, then rejoin.`,
    rejoin: $localize`:@@meeting.rejoin:Rejoin`,
  },
  'not-connected': {
    icon: 'wifi-off',
    title: $localize`:@@meeting.notConnectedTitle:The meeting could not be reached`,
    text: $localize`:@@meeting.notConnectedText:You were let in, but sound and picture did not connect. A firewall may be in the way. Try again, or try another network.`,
    rejoin: $localize`:@@meeting.notConnectedRejoin:Try again`,
  },
};
