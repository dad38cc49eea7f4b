import type { Logger } from '@conclave/platform';
import {
  HealthRegistry,
  InternalServer,
  Metrics,
  NestLogger,
  PlatformModule,
  Shutdown,
  createLogger,
  startTracing,
  Tracing,
} from '@conclave/platform';
import type { ServiceName } from '@conclave/contracts';
import { Module, type DynamicModule, type INestMicroservice, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { Bus } from './bus.js';
import { BusServer } from './bus-server.js';
import { GrantSource } from './grant.js';
import { MessagingModule } from './module.js';
import { observeBus, recordCalls } from './observe.js';
import { PrincipalVerifier } from './principal-verifier.js';
import { RepeatableStore } from './repeatable-store.js';

/** What every service's configuration holds; spread `commonKeys` of platform into the schema to get it. */
export interface CommonConfig {
  readonly INTERNAL_HOST: string;
  readonly INTERNAL_PORT: number;
  readonly LOG_LEVEL: 'debug' | 'info' | 'warn' | 'error';
  readonly NATS_URL: string;
  readonly NATS_NKEY_SEED: string;
}

/** One service process. The platform and messaging modules are added here; `module` holds the features. */
export interface ServiceOptions {
  readonly service: ServiceName;
  readonly config: CommonConfig;
  readonly module: DynamicModule | Type;
  /** Set by auth only, which provides `signingKeySource` from a global module of its own. */
  readonly ownSigningKeys?: boolean;
  /** Longest stop in milliseconds; default 25,000. Stay below the grace period around the process. */
  readonly drainMs?: number;
  /** A spec gives its own to read the lines. */
  readonly logger?: Logger;
}

/** A service that answers. */
export interface RunningService {
  readonly app: INestMicroservice;
  readonly bus: Bus;
  /** Address of `/livez`, `/readyz` and `/metrics`. */
  readonly internal: { readonly host: string; readonly port: number };
  /** Takes no new calls, lets those in flight end, closes. */
  close(): Promise<void>;
}

@Module({})
class Root {}

/** Boots a service inside this process; it answers when the promise resolves. */
export async function bootService(options: ServiceOptions): Promise<RunningService> {
  const { service, config, module, ownSigningKeys = false } = options;
  const logger = options.logger ?? createLogger(service, { level: config.LOG_LEVEL });
  const root: DynamicModule = {
    module: Root,
    imports: [
      PlatformModule.forRoot({ service, logger, ...(options.drainMs && { shutdown: { boundMs: options.drainMs } }) }),
      MessagingModule.forRoot({ service, nats: { url: config.NATS_URL, seed: config.NATS_NKEY_SEED }, ownSigningKeys }),
      module,
    ],
  };
  const server = new BusServer();
  const app = await NestFactory.createMicroservice(root, {
    strategy: server,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const bus = app.get(Bus);
  const health = app.get(HealthRegistry);
  const metrics = app.get(Metrics);
  const shutdown = app.get(Shutdown);
  health.add('nats', () => bus.ping());
  observeBus(bus, metrics, logger);
  server.attach({
    bus,
    verifier: app.get(PrincipalVerifier),
    grants: provided(app, GrantSource),
    repeatable: provided(app, RepeatableStore),
    started: () => metrics.natsHandlerStarted(),
    record: recordCalls(metrics, logger),
  });

  const internalServer = new InternalServer(health, metrics);
  const internal = await internalServer.start(config.INTERNAL_HOST, config.INTERNAL_PORT);
  shutdown.add('traffic', 'bus', () => server.close());
  shutdown.add('connections', 'application', () => app.close());
  shutdown.add('connections', 'internal server', () => internalServer.stop());
  shutdown.add('connections', 'traces', () => Tracing.flush());
  try {
    await app.listen();
    await bus.ping();
  } catch (error) {
    await Promise.all([app.close(), internalServer.stop()]);
    throw error;
  }
  health.markReady();
  logger.info('ready', { service, port: internal.port });
  return {
    app,
    bus,
    internal,
    close: async () => {
      await server.close();
      await app.close();
      await internalServer.stop();
    },
  };
}

/** What the service provides of a kind, if anything. Looked up, not asked for: Nest would log an error in every service without. */
function provided<T>(app: INestMicroservice, kind: abstract new (...parameters: never[]) => T): T | undefined {
  for (const { providers } of app.get(ModulesContainer).values()) {
    const found = providers.get(kind);
    if (found) return found.instance as T;
  }
  return undefined;
}

/** `main.ts` of a service: boots, listens to signals, and ends with words and a code when it cannot start. */
export async function startService(options: ServiceOptions): Promise<void> {
  const logger = options.logger ?? createLogger(options.service, { level: options.config.LOG_LEVEL });
  try {
    await startTracing(options.service, logger);
    const { app } = await bootService({ ...options, logger });
    app.get(Shutdown).listen();
  } catch (error) {
    logger.error('cannot start', { error });
    process.exit(1);
  }
}
