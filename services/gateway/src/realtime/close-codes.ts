/** Why we close a WebSocket; 4xxx are ours, the rest are of RFC 6455 and its registry. */
export const closeCodes = {
  /** A frame that is not in our words. */
  badFrame: 4400,
  /** The session has ended. */
  signedOut: 4401,
  /** Not, or no longer, in the room. */
  notInRoom: 4403,
  /** Too many frames, or one too large for what it does. */
  policy: 1008,
  /** This process goes away; come back. */
  restarting: 1012,
  /** Something needed does not answer; come back later. */
  tryLater: 1013,
} as const;
