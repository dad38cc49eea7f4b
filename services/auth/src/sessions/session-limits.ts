import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import type { SessionLifetime } from './session.js';

/** Live sessions a person may have; as many as `ListSessions` shows. */
export const mostLiveSessions = 100;

/** A device counts as the person's own for so long after its last use, and an unused session is kept no longer. */
export const deviceMemorySeconds = 30 * 24 * 60 * 60;

/** How long sessions live here, as configured. */
@Injectable()
export class SessionLimits implements SessionLifetime {
  readonly idle: number;
  readonly absolute: number;

  constructor(@Inject(configToken) config: Pick<Config, 'SESSION_IDLE_SECONDS' | 'SESSION_ABSOLUTE_SECONDS'>) {
    this.idle = config.SESSION_IDLE_SECONDS;
    this.absolute = config.SESSION_ABSOLUTE_SECONDS;
  }
}
