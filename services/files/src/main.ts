import { loadConfig } from '@conclave/platform';
import { startService } from '@conclave/messaging';
import { AppModule } from './app.module.js';
import { configSchema } from './config.js';

const config = loadConfig(configSchema);
/** Uploads that run when a stop is asked for may end; the grace period around the process is 120 s. */
const drainMs = 115_000;

await startService({ service: 'files', config, module: AppModule.forRoot(config), drainMs });
