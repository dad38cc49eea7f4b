import { isRepeatable, type DescMethod } from '@conclave/contracts';
import type { CallOptions } from '@conclave/messaging';
import { RequestScope, shortHash } from '@conclave/platform';
import type { Type } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionResolver } from '../../session/session-resolver.js';
import { apiPrefix } from '../docs/openapi-document.js';
import { exchangeOf } from '../exchange.js';
import type { Declared } from '../guard.js';
import { limitKey } from '../../connections/client-address.js';
import type { RateLimits } from '../rate-limits.js';
import type { Exchange, JsonRoute, Route, RouteHandler, RpcRoute, StreamRoute } from '../route.js';
import { pathReader, planOf } from '../rpc/rpc-plan.js';
import { fitting } from '../validate.js';

/** What routes are put up with. */
export interface RegisterOptions {
  readonly sessions: SessionResolver;
  readonly limits: RateLimits;
  /** Where browsers reach us. */
  readonly publicOrigin: string;
  /** The typed client of a method. */
  readonly clientOf: (method: DescMethod) => (request: object, options: CallOptions) => Promise<object>;
  /** The handler of a route by hand. */
  readonly handlerOf: <T extends RouteHandler<never>>(handler: Type<T>) => T;
}

/** Puts the declared routes on the server, each with its declaration in Fastify's route configuration for the guard. */
export function registerRoutes(fastify: FastifyInstance, routes: readonly Route[], options: RegisterOptions): void {
  for (const declared of routes) {
    const config = { declared: declarationOf(declared) };
    const url = apiPrefix + declared.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const { method } = declared;
    const handler = handlerOf(declared, options);
    if (declared.kind !== 'stream' || declared.accepts === undefined) {
      fastify.route({ method, url, config, handler });
      continue;
    }
    void fastify.register(async (scope) => {
      // The body stays in the socket until the route reads it: nothing is parsed and nothing is kept.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      scope.route({ method, url, config, handler });
    });
  }
}

function declarationOf(declared: Route): Declared {
  const { access, limit, method, path } = declared;
  const anyOrigin = declared.kind === 'stream' && declared.anyOrigin === true;
  return {
    access,
    limit,
    template: apiPrefix + path,
    ...(anyOrigin && method === 'POST' && { anyOrigin: true }),
    ...(declared.kind === 'rpc' && declared.account !== undefined && { countsAccount: true }),
    ...(declared.kind === 'stream' && declared.pace && { pace: declared.pace }),
  };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

function handlerOf(declared: Route, options: RegisterOptions): Handler {
  switch (declared.kind) {
    case 'rpc':
      return rpcHandler(declared, options);
    case 'json':
      return jsonHandler(declared, options);
    case 'stream':
      return streamHandler(declared, options);
  }
}

function rpcHandler(declared: RpcRoute, options: RegisterOptions): Handler {
  const call = options.clientOf(declared.rpc);
  const plan = planOf(declared, options.publicOrigin);
  const repeatable = isRepeatable(declared.rpc);
  const { account } = declared;
  return async (request, reply) => {
    const exchange = exchangeFor(request, repeatable, options);
    const message = plan.request(request, exchange);
    if (account !== undefined) options.limits.signIn(limitKey(request.gateway.address), accountIn(message, account));
    const answer = await RequestScope.run(request.gateway.scope, () => call(message, exchange.call));
    const { status, json, cookies, location } = plan.answer(answer, exchange);
    void reply.code(status);
    if (cookies.length > 0) void reply.header('set-cookie', cookies);
    if (location !== undefined) void reply.header('location', location);
    if (!json) return reply.send();
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(json));
  };
}

/** The account that a call is about, as far as spelling goes; auth reads it more exactly, and counts by that. */
const accountIn = (message: object, field: string): string =>
  shortHash(
    String((message as Record<string, unknown>)[field])
      .trim()
      .toLowerCase(),
  );

function jsonHandler(declared: JsonRoute, options: RegisterOptions): Handler {
  const handler = options.handlerOf(declared.handler);
  return async (request, reply) => {
    const parts = Object.assign(exchangeFor(request, false, options), {
      body: fitting(declared.body, request.body, 'body') as never,
    });
    await RequestScope.run(request.gateway.scope, () => handler.handle(parts, request, reply));
    return reply.code(declared.status).send();
  };
}

function streamHandler(declared: StreamRoute, options: RegisterOptions): Handler {
  const handler = options.handlerOf(declared.handler) as RouteHandler<object>;
  const { rpc } = declared;
  const readPath = rpc ? pathReader(declared.path, rpc, declared.parameters) : () => ({});
  const repeatable = rpc !== undefined && isRepeatable(rpc);
  return async (request, reply) => {
    const params = readPath(request.params);
    const parts = Object.assign(exchangeFor(request, repeatable, options), { params });
    await RequestScope.run(request.gateway.scope, () => handler.handle(parts, request, reply));
    return reply;
  };
}

function exchangeFor(request: FastifyRequest, repeatable: boolean, { sessions }: RegisterOptions): Exchange {
  const { credential } = request.gateway;
  return exchangeOf(request, repeatable, () => {
    if (credential) sessions.forget(credential);
  });
}
