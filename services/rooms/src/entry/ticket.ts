import type { Admission } from '../admission/admission.js';

/**
 * What a browser shows at the `/rtc` door: the name of its admission, and nothing more. It is no secret and opens nothing by
 * itself, everybody in the meeting sees it as the participant's identity: the door lets through whoever's session cookie the admission
 * was given to, while the admission holds. So it has nothing that could expire, be refreshed, be stolen or be accepted elsewhere.
 */
export const ticketOf = ({ joinId }: Admission): string => joinId;

/** The admission that a ticket names; null for what is none, such as a token of the release before. */
export const joinIdOf = (ticket: string): string | null => (/^[0-9a-f]{32}$/.test(ticket) ? ticket : null);
