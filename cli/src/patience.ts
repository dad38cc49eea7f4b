import { setTimeout as sleep } from 'node:timers/promises';
import { passes, Refusal } from './failure.ts';

const firstMs = 500;
const longestMs = 15_000;
/** Without any progress for so long, whoever waits has to know. */
const patienceMs = 10 * 60_000;

/** Tries again what may pass, with pauses that grow and are spread, until nothing has moved for ten minutes. */
export async function withPatience<T>(
  work: () => Promise<T>,
  { progressed, waits }: { progressed: () => number; waits: (ms: number, error: unknown) => void },
): Promise<T> {
  let at = progressed();
  let since = performance.now();
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (progressed() > at) {
        at = progressed();
        since = performance.now();
        tries = 0;
      }
      if (!passes(error) || performance.now() - since > patienceMs) throw error;
      const ceiling = Math.min(longestMs, firstMs * 2 ** tries);
      const pause = Math.max(
        ceiling / 2 + (Math.random() * ceiling) / 2,
        error instanceof Refusal ? error.retryAfterMs : 0,
      );
      waits(pause, error);
      await sleep(pause);
    }
  }
}
