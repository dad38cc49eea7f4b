import type { StayEnd } from '../api/api';

/** Every way a stay in a meeting can end, as the server names them. */
const STAY_ENDS: Record<StayEnd, true> = {
  left: true,
  removed: true,
  meeting_ended: true,
  room_deleted: true,
  session_ended: true,
  membership_ended: true,
  moved: true,
  not_connected: true,
  media_failed: true,
};

/** Whether a word from the wire is one of them. */
export const isStayEnd = (word: unknown): word is StayEnd => typeof word === 'string' && Object.hasOwn(STAY_ENDS, word);
