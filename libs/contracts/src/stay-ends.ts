import { StayEnd as WireStayEnd } from './common.js';

/** How somebody's stay in a meeting ended. */
export type StayEnd =
  | 'left'
  | 'removed'
  | 'meeting_ended'
  | 'room_deleted'
  | 'session_ended'
  | 'membership_ended'
  | 'moved'
  | 'not_connected'
  | 'media_failed';

const wire: Readonly<Record<StayEnd, WireStayEnd>> = {
  left: WireStayEnd.LEFT,
  removed: WireStayEnd.REMOVED,
  meeting_ended: WireStayEnd.MEETING_ENDED,
  room_deleted: WireStayEnd.ROOM_DELETED,
  session_ended: WireStayEnd.SESSION_ENDED,
  membership_ended: WireStayEnd.MEMBERSHIP_ENDED,
  moved: WireStayEnd.MOVED,
  not_connected: WireStayEnd.NOT_CONNECTED,
  media_failed: WireStayEnd.MEDIA_FAILED,
};

/** As it travels. */
export const stayEndToWire = (end: StayEnd): WireStayEnd => wire[end];

/** The word for a wire number; undefined for one that was not said or that we do not know. */
export const stayEndFromWire = (value: WireStayEnd): StayEnd | undefined =>
  (Object.keys(wire) as StayEnd[]).find((end) => wire[end] === value);

/** The word that a text is; undefined for any other. */
export const stayEndOf = (word: string | undefined): StayEnd | undefined =>
  (Object.keys(wire) as StayEnd[]).find((end) => end === word);
