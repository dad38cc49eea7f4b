import { loadConfig } from '@conclave/platform';
import { startService } from '@conclave/messaging';
import { AppModule } from './app.module.js';
import { configSchema } from './config.js';

const config = loadConfig(configSchema);
await startService({ service: 'files', config, module: AppModule.forRoot(config) });
