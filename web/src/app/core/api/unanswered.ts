import type { ErrorReason } from '@conclave/errors';
import { stopwatch } from '../time/server-clock';
import { asProblem } from './problem';

/** So long the same wish is taken for a second try; afterwards it is a wish of its own. */
const RETRY_MS = 10 * 60_000;

/** After these nobody knows whether the call has counted. */
const UNSURE: ReadonlySet<ErrorReason> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL']);

/** Whether a call that failed so may have had its effect. */
export const mayHaveCounted = (error: unknown): boolean => UNSURE.has(asProblem(error).reason);

interface Kept {
  readonly key: string;
  readonly at: number;
}

/**
 * Keys of calls that make something and whose answer was lost. Whoever asks for the same thing again uses the same key, so that
 * it is made once; and gets what was made. A call that was answered leaves nothing here.
 */
export class Unanswered {
  private readonly kept = new Map<string, Kept>();

  /** The key for this wish, which is nobody else's until the call gives it back. */
  take(wish: string): string {
    const found = this.kept.get(wish);
    this.kept.delete(wish);
    return found && stopwatch() - found.at < RETRY_MS ? found.key : crypto.randomUUID();
  }

  /** The call has failed: its key waits for the next try, where nobody knows what came of it. */
  failed(wish: string, key: string, error: unknown): void {
    if (mayHaveCounted(error)) this.kept.set(wish, { key, at: stopwatch() });
  }

  forget(): void {
    this.kept.clear();
  }
}
