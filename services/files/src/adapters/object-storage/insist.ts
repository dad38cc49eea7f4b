import { setTimeout as pause } from 'node:timers/promises';
import { StoreRefusal } from './store-refusal.js';

/** Waits before the tries after the first. A store that was started anew answers within these. */
const waitsMs = [100, 300, 1_000, 3_000];

/**
 * Tries again what may pass, each time after a longer wait, of which up to a half is left to chance so that many do not come
 * back at once. `attempt` answers undefined when it cannot be tried any more; then the failure before is told.
 */
export async function insist<T>(signal: AbortSignal, attempt: (again: boolean) => Promise<T | undefined>): Promise<T> {
  let failure: unknown;
  for (const waitMs of [0, ...waitsMs]) {
    if (waitMs > 0) await pause(waitMs * (1 - Math.random() / 2), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    try {
      const done = await attempt(waitMs > 0);
      if (done !== undefined) return done;
      break;
    } catch (error) {
      if (!(error instanceof StoreRefusal && error.mayPass)) throw error;
      failure = error;
    }
  }
  throw failure;
}
