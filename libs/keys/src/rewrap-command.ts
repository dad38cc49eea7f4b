import { OperatorError } from '@conclave/platform';
import { bindNewKeys } from './binding-step.js';
import type { KekRing } from './kek-ring.js';
import type { KekConfig } from './kek-version.js';
import { wrappedKeyRows, type KeysSql, type RootKeyTable } from './key-rows.js';
import { loadProvenKeks, type WithKeysSql } from './proven-keks.js';
import { rotateRootKeys, type RotationCount } from './rotation.js';

/** Further keys of a service that a rotation brings up to date: what is done to them, and to how many. */
export interface RewrapStep {
  readonly done: string;
  run(ring: KekRing, sql: KeysSql): Promise<RotationCount>;
}

/**
 * `node dist/rewrap.js` of a service: brings every root key under KEK_ACTIVE and binds all keys to their rows, while the
 * service runs; bears repetition. Releases that cannot open bound keys stop from then on.
 */
export async function rewrapCommand(
  config: KekConfig,
  withSql: WithKeysSql,
  rootKeys: RootKeyTable,
  steps: readonly RewrapStep[] = [],
): Promise<never> {
  const rotation: RewrapStep = {
    done: `keys are under ${config.KEK_ACTIVE} now`,
    run: (ring, sql) => rotateRootKeys(ring, wrappedKeyRows(sql, rootKeys)),
  };
  try {
    await withSql(async (sql) => {
      const ring = await loadProvenKeks(config, sql, rootKeys);
      await bindNewKeys(sql);
      let skipped = 0;
      const refused: string[] = [];
      for (const step of [rotation, ...steps]) {
        const count = await step.run(ring, sql);
        process.stdout.write(`${count.rewrapped} ${step.done}; ${count.skipped} changed meanwhile\n`);
        skipped += count.skipped;
        refused.push(...count.refused);
      }
      if (refused.length > 0) {
        throw new OperatorError(
          `${refused.length} keys do not open in the rows where they lie and stayed as they were: ${refused.join(', ')}. ` +
            'Put these rows back from a backup, or let them go.',
        );
      }
      if (skipped > 0) throw new OperatorError('Run this again for the keys that changed meanwhile.');
    });
    return process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof OperatorError ? error.message : 'the keys could not be rewrapped'}\n`);
    return process.exit(1);
  }
}
