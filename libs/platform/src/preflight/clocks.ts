import { OperatorError } from '../operator-error.js';
import type { PreflightCheck } from './preflight.js';

/** Somebody else's clock: answers its time in milliseconds, or undefined where it does not tell. */
export interface OtherClock {
  readonly name: string;
  /** How coarse its answer is: a Date header has whole seconds. */
  readonly stepMs: number;
  readonly read: (signal: AbortSignal) => Promise<number | undefined>;
}

/** Tokens live for seconds; more than this and they are refused for being too old or too new. */
const allowedMs = 5_000;

/** The clock of an HTTP server, by its Date header. */
export const httpClock = (name: string, url: string | URL): OtherClock => ({
  name,
  stepMs: 1000,
  read: async (signal) => {
    const answer = await fetch(url, { signal, redirect: 'manual' });
    await answer.body?.cancel();
    const date = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(date) ? undefined : date;
  },
});

/** Compares this machine's clock with others; those that cannot be reached are another check's concern. */
export function clockCheck(clocks: readonly OtherClock[], now: () => number = Date.now): PreflightCheck {
  return {
    name: 'clock',
    run: async (signal) => {
      const seen: string[] = [];
      for (const { name, stepMs, read } of clocks) {
        const before = now();
        const theirs = await read(signal).catch(() => undefined);
        if (theirs === undefined) continue;
        // Their answer was made at some moment between our question and now, and stands for a whole step.
        const after = now();
        const off = theirs > after ? theirs - after : Math.max(0, before - (theirs + stepMs));
        if (off > allowedMs) {
          throw new OperatorError(
            `this machine's clock and ${name}'s differ by ${Math.round(off / 1000)} s: tokens would be refused. ` +
              'Let both follow the same time servers (chrony, systemd-timesyncd).',
          );
        }
        seen.push(name);
      }
      return seen.length > 0 ? `agrees with ${seen.join(', ')}` : 'no server told its time';
    },
  };
}
