import { busCheck } from '@conclave/messaging';
import { clockCheck, httpClock, preflightCommand } from '@conclave/platform';
import { configSchema } from './config.js';
import { addressCheck } from './operator/address-preflight.js';
import { reachCheck } from './operator/reach-preflight.js';
import { tlsCheck } from './operator/tls-preflight.js';
import { webCheck } from './operator/web-preflight.js';

await preflightCommand(configSchema, (config) => [
  addressCheck(config),
  webCheck(config),
  tlsCheck(config),
  busCheck({ service: 'gateway', url: config.NATS_URL, seed: config.NATS_NKEY_SEED }),
  reachCheck('files', config.FILES_URL),
  reachCheck('livekit', config.LIVEKIT_URL),
  clockCheck([httpClock('LiveKit', config.LIVEKIT_URL)]),
]);
