import { busCheck } from '@conclave/messaging';
import { databaseCheck, databaseClock } from '@conclave/persistence';
import { clockCheck, preflightCommand } from '@conclave/platform';
import { configSchema } from './config.js';
import { mainConnection } from './connections.js';

await preflightCommand(configSchema, (config) => [
  databaseCheck(mainConnection(config)),
  busCheck({ service: 'auth', url: config.NATS_URL, seed: config.NATS_NKEY_SEED }),
  clockCheck([databaseClock(mainConnection(config))]),
]);
