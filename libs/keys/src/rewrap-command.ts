import { OperatorError } from '@conclave/platform';
import { wrappedKeyRows, type RootKeyTable } from './kek-check-rows.js';
import type { KekConfig } from './kek-version.js';
import { loadProvenKeks, type WithKeysSql } from './proven-keks.js';
import { rotateRootKeys } from './rotation.js';

/** `node dist/rewrap.js` of a service: brings every root key under KEK_ACTIVE while the service runs; bears repetition. */
export async function rewrapCommand(config: KekConfig, withSql: WithKeysSql, rootKeys: RootKeyTable): Promise<never> {
  try {
    await withSql(async (sql) => {
      const ring = await loadProvenKeks(config, sql, rootKeys);
      const { rewrapped, skipped } = await rotateRootKeys(ring, wrappedKeyRows(sql, rootKeys));
      process.stdout.write(`${rewrapped} keys are under ${config.KEK_ACTIVE} now; ${skipped} changed meanwhile\n`);
      if (skipped > 0) throw new OperatorError('Run this again for the keys that changed meanwhile.');
    });
    return process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof OperatorError ? error.message : 'the keys could not be rewrapped'}\n`);
    return process.exit(1);
  }
}
