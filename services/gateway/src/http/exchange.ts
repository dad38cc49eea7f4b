import { invalidArgument } from '@conclave/errors';
import type { CallOptions } from '@conclave/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clearSessionCookie, setSessionCookie } from '../session/session-cookie.js';
import type { Caller } from '../session/session-resolver.js';
import type { GatewayRequest } from './guard.js';
import type { Exchange } from './route.js';

/** What the handler of a route gets, made from what the guard has found. */
export function exchangeOf(
  facts: GatewayRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  forget: () => void,
): Exchange {
  return {
    call: callOptions(facts, request),
    get caller(): Caller {
      // A public route that asks who calls would be a mistake in its declaration.
      if (!facts.caller) throw new TypeError('a public route has no caller');
      return facts.caller;
    },
    client: {
      address: facts.address,
      userAgent: String(request.headers['user-agent'] ?? '').slice(0, 256),
    },
    session: {
      start: (token) => void reply.header('set-cookie', setSessionCookie(token)),
      end: () => {
        forget();
        void reply.header('set-cookie', clearSessionCookie());
      },
    },
  };
}

function callOptions(facts: GatewayRequest, request: FastifyRequest): CallOptions {
  const key = request.headers['idempotency-key'];
  if (key !== undefined && (Array.isArray(key) || !/^[\x21-\x7e]{1,128}$/.test(key)))
    throw invalidArgument('Idempotency-Key');
  return {
    ...(facts.caller && { principal: facts.caller.principal }),
    ...(key !== undefined && { idempotencyKey: key }),
  };
}
