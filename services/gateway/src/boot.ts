import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DescMethod } from '@conclave/contracts';
import { Bus, clientToken, MessagingModule, observeBus, type CallOptions } from '@conclave/messaging';
import type { Logger } from '@conclave/platform';
import {
  createLogger,
  HealthRegistry,
  HttpDrain,
  InternalServer,
  Metrics,
  NestLogger,
  PlatformModule,
  Shutdown,
  Tracing,
} from '@conclave/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { defaultPace, type BodyPace } from './connections/body-clock.js';
import { Connections } from './connections/connections.js';
import { DataPlane } from './content/files/data-plane.js';
import { GatewayMetrics, upstreamOf } from './gateway-metrics.js';
import { ApiDocument } from './http/docs/api-document.js';
import { Guard } from './http/guard.js';
import { RateLimits } from './http/rate-limits.js';
import { furnish, serverOptions } from './http/server/http-server.js';
import { registerRoutes } from './http/server/register-routes.js';
import type { Route } from './http/route.js';
import { routes } from './http/server/routes.js';
import { LiveConnections, type LiveKind } from './live/live-connections.js';
import { Revocations } from './live/revocations.js';
import { MediaDoor, mediaPaths } from './media/rtc/media-door.js';
import { MediaValidate } from './media/rtc/media-validate.js';
import { EventsDoor, eventsPath } from './realtime/events/events-door.js';
import { LiveDoor, livePath } from './realtime/live/live-door.js';
import { UpgradeDoor } from './realtime/door/upgrade-door.js';
import { SessionResolver } from './session/session-resolver.js';
import { WebApp } from './web/web-app.js';

/** What a caller of `bootGateway` may change. */
export interface BootOptions {
  readonly config: Config;
  readonly logger?: Logger;
  /** More routes, for specs of what a route may declare. */
  readonly moreRoutes?: readonly Route[];
  /** How fast a body and headers must come, for specs that would rather not wait. */
  readonly pace?: BodyPace;
  readonly headersMs?: number;
}

/** A gateway that answers. */
export interface RunningGateway {
  readonly app: NestFastifyApplication;
  /** Every declared route. */
  readonly routes: readonly Route[];
  /** Port of the public side, which matters where 0 was asked for. */
  readonly port: number;
  readonly internal: { readonly host: string; readonly port: number };
  /** Lets what runs end, closes the rest. */
  close(): Promise<void>;
}

/** Spread over which sockets are told to come back, so that they do not all come at once. */
const drainSpreadMs = 4_000;
/** After this, what still runs is cut; below the bound of the shutdown. */
const drainBoundMs = 18_000;

@Module({})
class Root {}

/** Nest's adapter without its own answers: refusals, bodies and middleware are ours alone. */
class GatewayAdapter extends FastifyAdapter {
  override async init(): Promise<void> {
    // No middleware: it matches paths as written and has been walked around by spelling.
  }
  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance() as never; // ours is set by `furnish`
  }
  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.getInstance() as never; // likewise
  }
}

/** Boots the gateway inside this process; it answers when the promise resolves. */
export async function bootGateway({ config, moreRoutes = [], ...options }: BootOptions): Promise<RunningGateway> {
  const logger = options.logger ?? createLogger('gateway', { level: config.LOG_LEVEL });
  // Before the bus is joined: a gateway without its app must stop, not connect.
  const webApp = new WebApp(config);
  const adapter = new GatewayAdapter(serverOptions(config, webApp, options.headersMs) as never);
  const app = await NestFactory.create<NestFastifyApplication>(rootOf(config, logger, webApp), adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const health = app.get(HealthRegistry);
  const metrics = app.get(Metrics);
  let draining = false;

  furnish(fastify, {
    guard: app.get(Guard),
    config,
    logger,
    metrics,
    own: app.get(GatewayMetrics),
    draining: () => draining,
    pace: options.pace ?? defaultPace,
  });
  const declared = [...routes, ...moreRoutes];
  registerRoutes(fastify, declared, {
    sessions: app.get(SessionResolver),
    limits: app.get(RateLimits),
    publicOrigin: new URL(config.PUBLIC_URL).origin,
    clientOf: (method) => clientOf(app, method),
    handlerOf: (handler) => app.get(handler),
  });
  app.get(ApiDocument).describe(declared);
  app.get(MediaValidate).register(fastify);
  webApp.register(fastify);

  const server = fastify.server as Server;
  const ending = new HttpDrain(server, config.LISTEN_FD !== undefined);
  const upgrades = openUpgrades(app);
  upgrades.attach(server);
  app.get(Connections).attach(server);
  await joinBus(app, metrics, logger);

  const internalServer = new InternalServer(health, metrics);
  const internal = await internalServer.start(config.INTERNAL_HOST, config.INTERNAL_PORT);
  await app.listen({ port: config.PORT, host: config.HOST, fd: config.LISTEN_FD } as never);
  const { port } = fastify.server.address() as AddressInfo; // a TCP listener always has one
  health.markReady();
  logger.info('ready', { port });
  void webApp.warmUp().catch((error: unknown) => logger.warn('assets not compressed ahead', { error }));

  const drain = async (): Promise<void> => {
    draining = true;
    upgrades.close();
    ending.begin();
    await Promise.all([sendAway(app.get(LiveConnections)), ending.settle()]);
  };
  const shutdown = app.get(Shutdown);
  shutdown.add('traffic', 'sockets', drain);
  shutdown.add('work', 'requests', () => closeApp(app, ending));
  shutdown.add('connections', 'internal server', () => internalServer.stop());
  shutdown.add('connections', 'traces', () => Tracing.flush());
  return {
    app,
    routes: declared,
    port,
    internal,
    close: async () => {
      draining = true;
      upgrades.close();
      for (const live of app.get(LiveConnections).all()) live.cut('restarting');
      await closeApp(app, ending);
      await internalServer.stop();
    },
  };
}

function rootOf(config: Config, logger: Logger, webApp: WebApp): DynamicModule {
  // Live frames reach the sockets of this process at once; the bus need not bring them back.
  const nats = { url: config.NATS_URL, seed: config.NATS_NKEY_SEED, echo: false };
  return {
    module: Root,
    imports: [
      PlatformModule.forRoot({ service: 'gateway', logger }),
      MessagingModule.forRoot({ service: 'gateway', nats }),
      AppModule.forRoot(config, webApp),
    ],
  };
}

/** One method of the typed clients that the bus provides. */
function clientOf(app: NestFastifyApplication, { parent, localName }: DescMethod) {
  type Call = (request: object, options: CallOptions) => Promise<object>;
  const client = app.get<Record<string, Call>>(clientToken(parent));
  const call = client[localName];
  if (!call) throw new Error(`${parent.typeName} has no method ${localName}`);
  return call;
}

function openUpgrades(app: NestFastifyApplication): UpgradeDoor {
  const upgrades = app.get(UpgradeDoor);
  const events = app.get(EventsDoor);
  const media = app.get(MediaDoor);
  upgrades.add(eventsPath, (handshake) => events.open(handshake));
  upgrades.add(livePath, (handshake) => app.get(LiveDoor).open(handshake));
  for (const path of mediaPaths) upgrades.add(path, (handshake) => media.open(path, handshake));
  return upgrades;
}

async function joinBus(app: NestFastifyApplication, metrics: Metrics, logger: Logger): Promise<void> {
  const bus = app.get(Bus);
  app.get(HealthRegistry).add('nats', () => bus.ping());
  observeBus(bus, metrics, logger);
  const own = app.get(GatewayMetrics);
  bus.onCall(({ subject, outcome }) => {
    const service = upstreamOf(subject);
    if (service) own.upstreamEnded(service, outcome);
  });
  bus.onStatus((status) => {
    // While we heard nothing, people may have been signed out or put out.
    app.get(SessionResolver).forgetAll();
    if (status !== 'reconnect') return;
    app.get(EventsDoor).catchUpAll();
    app.get(LiveDoor).proveAll();
  });
  await app.get(Revocations).listen();
}

/** Tells sockets to come back, one after another; running streams go on until they end or time is up. */
async function sendAway(live: LiveConnections): Promise<void> {
  const streams: readonly LiveKind[] = ['upload', 'download'];
  const sockets = live.all().filter(({ kind }) => !streams.includes(kind));
  const waits = sockets.map(async (socket) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * drainSpreadMs));
    socket.cut('restarting');
  });
  await Promise.all(waits);
}

/** Stops listening, lets requests in flight end within the bound, and leaves the bus. */
async function closeApp(app: NestFastifyApplication, ending: HttpDrain): Promise<void> {
  const live = app.get(LiveConnections);
  const server = app.getHttpServer() as Server;
  const timer = setTimeout(() => {
    for (const place of live.all()) place.cut('restarting');
    server.closeAllConnections();
  }, drainBoundMs);
  try {
    await ending.end();
    await app.close();
  } finally {
    clearTimeout(timer);
    app.get(DataPlane).close();
  }
}
