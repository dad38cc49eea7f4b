import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError, type ErrorReason } from '@conclave/errors';
import type { Logger, Metrics } from '@conclave/platform';
import { RequestScope, sever, Tracing } from '@conclave/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Config } from '../../config.js';
import { isBrokenOff, keepTime, lingerOver, type BodyPace } from '../../connections/body-clock.js';
import type { GatewayMetrics } from '../../gateway-metrics.js';
import type { Declared, GatewayRequest, Guard } from '../guard.js';
import { HttpRefusal, isUnexpected, problemOf, type Problem } from '../problem.js';
import { apiPolicy, commonHeaders } from '../security-headers.js';
import { sessionCookie } from '../../session/session-cookie.js';
import { isNavigation, type WebApp } from '../../web/web-app.js';
import { clearCookie } from '../../session/cookies.js';

declare module 'fastify' {
  interface FastifyRequest {
    gateway: GatewayRequest;
  }
  interface FastifyContextConfig {
    declared?: Declared;
  }
}

/** What may lie unsent of an answer: two chunks of 64 KiB, so that not each of them stops where it comes from (ADR 18). */
const mostUnsentBytes = 128 * 1024;
/** How often the server looks for headers that are late. */
const lookForLateMs = 1_000;

/** Options of the HTTP server: limits on everything a client can make long, and time-outs on everything it can make slow. */
export function serverOptions(
  config: Pick<Config, 'PUBLIC_URL' | 'TLS_CERT_FILE' | 'TLS_KEY_FILE'>,
  webApp: Pick<WebApp, 'sendMissing'>,
  headersMs = 10_000,
) {
  const server = {
    maxHeaderSize: 16 * 1024,
    highWaterMark: mostUnsentBytes,
    requireHostHeader: true,
    headersTimeout: headersMs,
    connectionsCheckingInterval: lookForLateMs,
    // With TLS, where it is terminated here.
    handshakeTimeout: 10_000,
    // An upgrade to anything but WebSocket is an ordinary request.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  const headers = commonHeaders(config.PUBLIC_URL);
  return {
    logger: false,
    bodyLimit: 64 * 1024,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    // An upload may take hours: bodies have a clock of their own, headers the server's.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    exposeHeadRoutes: true,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: {
      maxParamLength: 128,
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
    },
    // The router's own refusals, such as a malformed URL, come before any hook.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const { correlationId } = RequestScope.enter();
      void reply.headers(headers);
      if (isNavigation(request)) return void webApp.sendMissing(request, reply);
      sendProblem(
        reply,
        problemOf(new HttpRefusal(statusOf(error), 'INVALID_ARGUMENT', { field: 'path' }), correlationId),
      );
    },
    // What is not even HTTP gets an answer of HTTP where it still can.
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
      const reason: ErrorReason = error.code === 'HPE_HEADER_OVERFLOW' ? 'PAYLOAD_TOO_LARGE' : 'INVALID_ARGUMENT';
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
      socket.end(rawProblem(problemOf(new HttpRefusal(status, reason), RequestScope.enter().correlationId), config));
    },
    ...(config.TLS_CERT_FILE !== undefined && config.TLS_KEY_FILE !== undefined
      ? {
          https: {
            ...server,
            cert: readFileSync(config.TLS_CERT_FILE),
            key: readFileSync(config.TLS_KEY_FILE),
            minVersion: 'TLSv1.2',
          },
        }
      : { http: server }),
  } as const;
}

/** Everything that every request goes through, whatever route it meets. */
export function furnish(
  fastify: FastifyInstance,
  parts: {
    guard: Guard;
    config: Config;
    logger: Logger;
    metrics: Metrics;
    own: GatewayMetrics;
    draining: () => boolean;
    /** How fast a body must come whose route says nothing else. */
    pace: BodyPace;
  },
): void {
  const { guard, config, logger, metrics, own, draining, pace } = parts;
  const headers = {
    ...commonHeaders(config.PUBLIC_URL),
    'content-security-policy': apiPolicy,
    'cache-control': 'no-store',
  };
  // A connection that stands still is severed: closed, it would still deliver what lies in our buffers, and nobody could stop that.
  fastify.server.on('timeout', sever);
  fastify.decorateRequest('gateway');
  bodiesAreJson(fastify);

  fastify.addHook('onRoute', refuseUndeclared);

  fastify.addHook('onRequest', async (request, reply) => {
    request.gateway = guard.begin(request);
    void reply.headers(headers).header('x-correlation-id', request.gateway.scope.correlationId);
    // The caller learns whether its trace is recorded (W3C Trace Context, level 2).
    if (request.gateway.endSpan && Tracing.on) void reply.header('traceresponse', request.gateway.scope.traceparent);
    if (draining()) void reply.header('connection', 'close');
    const { declared } = request.routeOptions.config;
    keepTime(request.raw, declared?.pace ?? pace, () => own.bodyTooSlow());
    request.gateway = await guard.admit(request.gateway, request, declared);
  });

  fastify.setErrorHandler((error, request, reply) => {
    // A request that failed before the guard began has nothing to be found by.
    const facts = (request.gateway as GatewayRequest | undefined) ?? guard.begin(request);
    const problem = problemOf(error, facts.scope.correlationId);
    // Nobody hears the answer, and nothing of ours broke: a body that its sender, or its clock, ended.
    const brokenOff = isBrokenOff(request.raw);
    if (brokenOff) own.bodyBrokenOff();
    else own.refused(problem.reason);
    const { declared } = request.routeOptions.config;
    if (isUnexpected(error) && !brokenOff)
      RequestScope.run(facts.scope, () => {
        logger.error('request failed', { route: declared?.template ?? 'unmatched', method: request.method, error });
      });
    // A cookie that auth does not know any more is only dead weight.
    if (problem.reason === 'UNAUTHENTICATED' && request.headers.cookie?.includes(`${sessionCookie.name}=`))
      void reply.header('set-cookie', clearCookie(sessionCookie));
    sendProblem(reply, problem);
  });

  fastify.setNotFoundHandler(() => {
    throw new DomainError('NOT_FOUND');
  });

  fastify.addHook('onResponse', async (request, reply) => {
    guard.end(request);
    lingerOver(request.raw);
    const route = request.routeOptions.config.declared?.template ?? 'unmatched';
    const facts = request.gateway as GatewayRequest | undefined;
    const { method } = request;
    const { statusCode: status } = reply;
    const seconds = (performance.now() - (facts?.startedAt ?? performance.now())) / 1000;
    facts?.endSpan?.(status < 500 ? 'ok' : 'INTERNAL', { attributes: { 'http.response.status_code': status } });
    if (facts)
      RequestScope.run(facts.scope, () =>
        logger.debug('request', { route, method, status, durationMs: Math.round(seconds * 1000) }),
      );
    metrics.observeHttp({ route, method, status }, seconds);
  });
}

/** A route that says nothing about access stops the start, whoever adds it and how. */
function refuseUndeclared({ url, method, config }: RouteOptions): void {
  const access = (config as { declared?: Declared } | undefined)?.declared?.access;
  if (access !== 'public' && access !== 'signed-in') throw new Error(`${String(method)} ${url} declares no access`);
}

/** JSON is the only body that is parsed: strictly UTF-8, and an empty one is none. */
function bodiesAreJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      return done(new HttpRefusal(400, 'INVALID_ARGUMENT', { field: 'body' }));
    }
    void parse(request, text, (error, value) =>
      error ? done(new HttpRefusal(400, 'INVALID_ARGUMENT', { field: 'body' })) : done(null, value),
    );
  });
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  // An answer that breaks off must not look whole, nor go on from our buffers.
  if (reply.raw.headersSent || reply.sent) return sever(reply.request.raw.socket);
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter));
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="conclave"');
  void reply
    .code(problem.status)
    .headers({ 'content-security-policy': apiPolicy, 'cache-control': 'no-store' })
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

/** A whole answer for a socket that Fastify does not hold; with the headers of every other answer. */
export function rawProblem(problem: Problem, { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): string {
  const body = JSON.stringify(problem);
  const headers = {
    ...commonHeaders(PUBLIC_URL),
    'content-security-policy': apiPolicy,
    'cache-control': 'no-store',
    'x-correlation-id': problem.correlationId,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(problem.retryAfter !== undefined && { 'retry-after': problem.retryAfter }),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${problem.status} ${problem.reason}`, ...lines, '', body].join('\r\n');
}

const statusOf = (error: Error): number => {
  const { statusCode } = error as { statusCode?: number };
  return statusCode === 414 ? 414 : 400;
};
