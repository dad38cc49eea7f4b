import type { ReconnectPolicy } from 'livekit-client';

/** So long a meeting tries to come back before it is over for this person. */
export const givesUpAfterMs = 5 * 60_000;
const longestPauseMs = 4_000;

/**
 * Media goes on while signalling is away, so giving up early would end what still works: a media server's Redis may be gone for
 * minutes. Pauses grow, and no two browsers keep the same ones.
 */
export const reconnectPolicy: ReconnectPolicy = {
  nextRetryDelayInMs: ({ retryCount, elapsedMs }) => {
    if (elapsedMs > givesUpAfterMs) return null;
    const pause = Math.min(300 * 2 ** Math.max(0, retryCount - 1), longestPauseMs);
    return retryCount === 0 ? Math.random() * pause : pause * (0.5 + Math.random());
  },
};
