import { kekPreflight } from '@conclave/keys';
import { busCheck } from '@conclave/messaging';
import { databaseCheck, databaseClock, withRawSql } from '@conclave/persistence';
import { clockCheck, httpClock, preflightCommand } from '@conclave/platform';
import { bucketCheck } from './adapters/object-storage/bucket-preflight.js';
import { configSchema } from './config.js';
import { keysConnection, mainConnection, rootKeys } from './connections.js';

await preflightCommand(configSchema, (config) => [
  databaseCheck(mainConnection(config)),
  databaseCheck(keysConnection(config)),
  kekPreflight(config, withRawSql(keysConnection(config)), rootKeys),
  busCheck({ service: 'files', url: config.NATS_URL, seed: config.NATS_NKEY_SEED }),
  bucketCheck(config),
  clockCheck([databaseClock(mainConnection(config)), httpClock('the object store', config.S3_ENDPOINT)]),
]);
