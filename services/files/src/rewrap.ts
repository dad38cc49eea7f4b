import { bindFileKeys, fileKeyRows, rewrapCommand } from '@conclave/keys';
import { withRawSql } from '@conclave/persistence';
import { loadConfig } from '@conclave/platform';
import { configSchema } from './config.js';
import { keysConnection, rootKeys } from './connections.js';

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
await rewrapCommand(config, withRawSql(keysConnection(config)), rootKeys, [
  { done: 'keys of files are bound to their rows now', run: (ring, sql) => bindFileKeys(ring, fileKeyRows(sql)) },
]);
