import { rotateRootKeys, wrappedKeyRows } from '@conclave/keys';
import { withOrm } from '@conclave/persistence';
import { loadConfig, OperatorError } from '@conclave/platform';
import { configSchema } from './config.js';
import { keysConnection } from './connections.js';
import { loadProvenKeks, rootKeys } from './operator/keks.js';

/** `node dist/rewrap.js`: brings every root key under KEK_ACTIVE while the service runs; bears repetition. */
const config = loadConfig(
  configSchema.pick({
    DATABASE_URL: true,
    DATABASE_PASSWORD: true,
    KEYS_DATABASE_URL: true,
    KEYS_DATABASE_PASSWORD: true,
    MIGRATIONS: true,
    KEK_DIR: true,
    KEK_ACTIVE: true,
  }),
);
try {
  await withOrm(keysConnection(config), async (orm) => {
    const ring = await loadProvenKeks(config, orm);
    const rows = wrappedKeyRows(
      (sql, parameters = []) => orm.em.getConnection().execute(sql, [...parameters]),
      rootKeys,
    );
    const { rewrapped, skipped } = await rotateRootKeys(ring, rows);
    process.stdout.write(`${rewrapped} keys are under ${config.KEK_ACTIVE} now; ${skipped} changed meanwhile\n`);
    if (skipped > 0) throw new OperatorError('Run this again for the keys that changed meanwhile.');
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof OperatorError ? error.message : 'the keys could not be rewrapped'}\n`);
  process.exit(1);
}
