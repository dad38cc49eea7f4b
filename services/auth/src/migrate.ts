import { migrateCommand } from '@conclave/persistence';
import { loadConfig } from '@conclave/platform';
import { configSchema } from './config.js';
import { mainConnection } from './connections.js';

// Only what it needs: whoever migrates has no business with keys and peppers.
const needed = configSchema.pick({ DATABASE_URL: true, DATABASE_PASSWORD: true, MIGRATIONS: true });
await migrateCommand([mainConnection(loadConfig(needed))]);
