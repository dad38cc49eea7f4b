import 'reflect-metadata';
import { startService } from '@conclave/messaging';
import { loadConfig } from '@conclave/platform';
import { AppModule } from './app.module.js';
import { authConfigSchema } from './config.js';

const config = loadConfig(authConfigSchema);
await startService({ service: 'auth', config, module: AppModule.forRoot(config), ownSigningKeys: true });
