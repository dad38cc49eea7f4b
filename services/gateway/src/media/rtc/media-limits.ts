/** What a participant may send: signalling comes in bursts (candidates, subscriptions) and then hardly at all. */
export const mediaLimits = {
  /** Largest frame from a browser; an SDP with many tracks is the largest there is. */
  browserFrameBytes: 512 * 1024,
  /** Largest frame from the media server; a room's state at join. */
  serverFrameBytes: 8 * 1024 * 1024,
  /** Frames at once. */
  burst: 600,
  /** Frames that come back per second. */
  perSecond: 60,
  /** Unsent bytes on one side at which the other is not read. */
  highWaterBytes: 1024 * 1024,
} as const;
