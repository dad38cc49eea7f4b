import type { SessionLifetime } from './session.js';

/** Live sessions a person may have; as many as `ListSessions` shows. */
export const LIVE_SESSIONS_LIMIT = 100;

/** A device counts as the person's own for so long after its last use, and an unused session is kept no longer. */
export const DEVICE_MEMORY_SECONDS = 30 * 24 * 60 * 60;

/** How long sessions live here, as configured. */
export class SessionLimits implements SessionLifetime {
  constructor(
    readonly idle: number,
    readonly absolute: number,
  ) {}
}
