import { busCheck } from '@conclave/messaging';
import { databaseCheck, databaseClock } from '@conclave/persistence';
import { clockCheck, httpClock, preflightCommand } from '@conclave/platform';
import { configSchema } from './config.js';
import { keysConnection, mainConnection } from './connections.js';
import { kekCheck } from './operator/kek-preflight.js';
import { liveKitCheck } from './operator/livekit-preflight.js';

await preflightCommand(configSchema, (config) => [
  databaseCheck(mainConnection(config)),
  databaseCheck(keysConnection(config)),
  kekCheck(config),
  busCheck({ service: 'rooms', url: config.NATS_URL, seed: config.NATS_NKEY_SEED }),
  liveKitCheck(config),
  clockCheck([databaseClock(mainConnection(config)), httpClock('LiveKit', config.LIVEKIT_URL)]),
]);
