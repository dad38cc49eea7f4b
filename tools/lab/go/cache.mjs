// Where built tools of the labs are kept between runs and checkouts.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLockIn } from '../../lock.mjs';

/** The labs' part of the user's cache folder. */
export const labCache = (env = process.env) => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'conclave', 'lab');

/** Links to the newest build of every tool, for hands and for scripts that need no exact pin. */
export const linkFolder = (env = process.env) => join(labCache(env), 'bin');

/** Runs `work` while no other process of this user holds the lock of that name. */
export const withLock = (name, work, onWait) => withLockIn(labCache(), name, work, onWait);
