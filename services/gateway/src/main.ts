import { createLogger, loadConfig, OperatorError, Shutdown, startTracing } from '@conclave/platform';
import { bootGateway } from './boot.js';
import { configSchema } from './config.js';

/** EX_CONFIG of sysexits.h, as for a configuration that cannot be read. */
const exitConfig = 78;

const config = loadConfig(configSchema);
const logger = createLogger('gateway', { level: config.LOG_LEVEL });
try {
  await startTracing('gateway', logger, { atTheDoor: true });
  const { app } = await bootGateway({ config, logger });
  app.get(Shutdown).listen();
} catch (error) {
  logger.error('cannot start', { error });
  process.exit(error instanceof OperatorError ? exitConfig : 1);
}
