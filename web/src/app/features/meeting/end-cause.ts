import type { ApiProblem } from '../../core/api/problem';
import type { IconName } from '../../shared/icon/icons';

/** Why one is no longer in the meeting. */
export type EndCause =
  | 'left'
  | 'removed'
  | 'ended-by-host'
  | 'room-deleted'
  | 'signed-out'
  | 'elsewhere'
  | 'server'
  | 'network'
  | 'not-connected';

/** What the media library calls it (DisconnectReason), as far as it decides anything here. */
export type MediaReason = 'client' | 'duplicate' | 'removed' | 'room-gone' | 'server' | 'other';

/** By LiveKit's number of the reason: the enum lives in the library, which this page must not load. */
export function mediaReason(reason: number | undefined): MediaReason {
  switch (reason) {
    case 1:
      return 'client';
    case 2:
      return 'duplicate';
    case 3:
      return 'server';
    case 4:
      return 'removed';
    case 5:
    case 10:
      return 'room-gone';
    default:
      return 'other';
  }
}

/**
 * Puts together what the media server said and what the door says now. The door decides: LiveKit says "removed" for a kick, for
 * a session that was ended and for an entry from another tab alike. `door` is null when it opens, its refusal otherwise.
 */
export function endCause(media: MediaReason, door: ApiProblem | null): EndCause {
  if (door && !door.offline) {
    if (door.reason === 'REMOVED_FROM_ROOM') return 'removed';
    if (door.reason === 'UNAUTHENTICATED') return 'signed-out';
    if (door.reason === 'NOT_FOUND') return 'room-deleted';
    // Removal also takes the invitation away; to the person that is one thing.
    if (door.reason === 'NOT_INVITED' && media === 'removed') return 'removed';
  }
  switch (media) {
    case 'client':
      return 'left';
    case 'duplicate':
      return 'elsewhere';
    case 'removed':
      return door?.offline ? 'network' : 'elsewhere';
    case 'room-gone':
      return 'ended-by-host';
    case 'server':
      return 'server';
    case 'other':
      return 'network';
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
  elsewhere: {
    icon: 'monitor',
    title: $localize`:@@meeting.elsewhereTitle:You joined from somewhere else`,
    text: $localize`:@@meeting.elsewhereText:The same account entered this meeting in another window or on another device. You can move it back here.`,
    rejoin: $localize`:@@meeting.elsewhereRejoin:Rejoin here`,
  },
  server: {
    icon: 'refresh-cw',
    title: $localize`:@@meeting.serverTitle:The media server restarted`,
    text: $localize`:@@meeting.serverText:Nothing is lost. Come back in a moment.`,
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
