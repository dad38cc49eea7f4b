import { RequestScope } from '@conclave/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { SessionResolver } from '../session/session-resolver.js';
import { apiPrefix } from './docs/openapi-document.js';
import { exchangeOf } from './exchange.js';
import type { Declared } from './guard.js';
import type { JsonRoute, Route, StreamRoute } from './route.js';
import { existing, fitting } from './validate.js';

/** How routes are put up. */
export interface RegisterOptions {
  readonly sessions: SessionResolver;
  /** Tests hold every answer against its schema; in production the types have done that. */
  readonly checkAnswers: boolean;
}

/** Puts the declared routes on the server, each with its declaration in Fastify's route configuration for the guard. */
export function registerRoutes(fastify: FastifyInstance, routes: readonly Route[], options: RegisterOptions): void {
  for (const declared of routes) {
    const config = { declared: declarationOf(declared) };
    const url = apiPrefix + declared.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const { method } = declared;
    if (declared.kind === 'json') {
      fastify.route({ method, url, config, handler: jsonHandler(declared, options) });
    } else if (declared.accepts === undefined) {
      fastify.route({ method, url, config, handler: streamHandler(declared, options) });
    } else {
      const handler = streamHandler(declared, options);
      void fastify.register(async (scope) => {
        // The body stays in the socket until the route reads it: nothing is parsed and nothing is kept.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
        scope.route({ method, url, config, handler });
      });
    }
  }
}

function declarationOf(declared: Route): Declared {
  const { access, limit, method, path } = declared;
  const anyOrigin = declared.kind === 'stream' && declared.anyOrigin === true;
  return { access, limit, template: apiPrefix + path, ...(anyOrigin && method === 'POST' && { anyOrigin: true }) };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

function jsonHandler(declared: JsonRoute, options: RegisterOptions): Handler {
  const { status } = declared;
  const answerSchema = declared.answer as z.ZodType | undefined;
  const bodySchema = declared.body as z.ZodType | undefined;
  return async (request, reply) => {
    const parts = partsOf(declared, request, reply, options);
    const body = bodySchema && fitting(bodySchema, request.body, 'body');
    const whole = Object.assign(parts, { body }) as never;
    const answer = await RequestScope.run(request.gateway.scope, () => declared.handle(whole));
    void reply.code(status);
    if (!answerSchema) return reply.send();
    if (options.checkAnswers) answerSchema.parse(answer);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
  };
}

function streamHandler(declared: StreamRoute, options: RegisterOptions): Handler {
  return async (request, reply) => {
    const parts = partsOf(declared, request, reply, options) as never;
    await RequestScope.run(request.gateway.scope, () => declared.handle(parts, request, reply));
    return reply;
  };
}

function partsOf(declared: Route, request: FastifyRequest, reply: FastifyReply, { sessions }: RegisterOptions): object {
  const { credential } = request.gateway;
  const exchange = exchangeOf(request.gateway, request, reply, () => {
    if (credential) sessions.forget(credential);
  });
  const paramsSchema = declared.params as z.ZodType | undefined;
  const querySchema = declared.query as z.ZodType | undefined;
  return Object.assign(exchange, {
    params: paramsSchema && existing(paramsSchema, request.params),
    query: querySchema && fitting(querySchema, request.query, 'query'),
  });
}
