import { migrateCommand } from '@conclave/persistence';
import { loadConfig } from '@conclave/platform';
import { configSchema } from './config.js';
import { keysConnection, mainConnection } from './connections.js';

// Only what it needs: whoever migrates has no business with KEKs and peppers.
const config = loadConfig(
  configSchema.pick({
    DATABASE_URL: true,
    DATABASE_PASSWORD: true,
    KEYS_DATABASE_URL: true,
    KEYS_DATABASE_PASSWORD: true,
    MIGRATIONS: true,
  }),
);
await migrateCommand([mainConnection(config), keysConnection(config)]);
