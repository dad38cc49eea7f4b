import 'reflect-metadata';
import { startService } from '@conclave/messaging';
import { loadConfig } from '@conclave/platform';
import { AppModule } from './app.module.js';
import { configSchema } from './config.js';

const config = loadConfig(configSchema);
await startService({ service: 'auth', config, module: AppModule.forRoot(config), ownSigningKeys: true });
