import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@conclave/platform';
import type { Orm } from '../orm/options.js';
import { readSchemaState, requireFloor } from './schema-state.js';

/** How long to wait for somebody else's migrations. */
export interface SchemaWait {
  /** Longest wait; 10 minutes if left out. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Hears once what is missing. */
  readonly waiting?: (pending: readonly string[]) => void;
}

/**
 * Waits until somebody else has brought the schema up to this release; writes nothing.
 *
 * @throws OperatorError when the time is over, or when the database is too new for this release
 */
export async function waitForSchema(orm: Orm, options: SchemaWait = {}): Promise<void> {
  const { timeoutMs = 600_000, everyMs = 1000, waiting } = options;
  const end = Date.now() + timeoutMs;
  for (let first = true; ; first = false) {
    const state = await readSchemaState(orm);
    requireFloor(state);
    if (state.pending.length === 0) return;
    if (first) waiting?.(state.pending);
    if (Date.now() >= end) {
      throw new OperatorError(
        `The database lacks migrations of this release (${state.pending.join(', ')}), and nobody has applied them in ` +
          `${Math.round(timeoutMs / 1000)} s. Run \`node dist/migrate.js\` of this release, and look at its log.`,
      );
    }
    await sleep(Math.min(everyMs, Math.max(1, end - Date.now())));
  }
}
