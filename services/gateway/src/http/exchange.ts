import { invalidArgument } from '@conclave/errors';
import type { CallOptions } from '@conclave/messaging';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../session/session-resolver.js';
import { readCookie } from '../session/cookies.js';
import type { GatewayRequest } from './guard.js';
import type { Exchange } from './route.js';

/**
 * What is known of a request, made from what the guard has found.
 *
 * @param repeatable whether the call behind it honours an idempotency key; elsewhere the key means nothing and goes nowhere
 */
export function exchangeOf(request: FastifyRequest, repeatable: boolean, forget: () => void): Exchange {
  const facts = request.gateway;
  return {
    call: callOptions(facts, repeatable ? request.headers['idempotency-key'] : undefined),
    get caller(): Caller {
      // A public route that asks who calls would be a mistake in its declaration.
      if (!facts.caller) throw new TypeError('a public route has no caller');
      return facts.caller;
    },
    client: {
      address: facts.address,
      userAgent: String(request.headers['user-agent'] ?? '').slice(0, 256),
      language: String(request.headers['accept-language'] ?? '').slice(0, 128),
    },
    cookie: (cookie) => readCookie(cookie, request.headers.cookie),
    forget,
  };
}

function callOptions(facts: GatewayRequest, key: string | string[] | undefined): CallOptions {
  if (key !== undefined && (Array.isArray(key) || !/^[\x21-\x7e]{1,128}$/.test(key)))
    throw invalidArgument('Idempotency-Key');
  return {
    ...(facts.caller && { principal: facts.caller.principal }),
    ...(key !== undefined && { idempotencyKey: key }),
  };
}
