import { DomainError } from '@conclave/errors';
import { RequestScope, shortHash, Tracing, type EnteredSpan, type RequestScopeValues } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { BodyPace } from '../connections/body-clock.js';
import { Connections } from '../connections/connections.js';
import { readCredential, type Credential } from '../session/session-cookie.js';
import { SessionResolver, type Caller } from '../session/session-resolver.js';
import { ClientAddress, limitKey } from '../connections/client-address.js';
import { changesState, OriginPolicy } from './origin.js';
import { RateLimits, type LimitClass } from './rate-limits.js';
import type { Access } from './route.js';

/** What every route of the server declares, in Fastify's route configuration; a route without it stops the start. */
export interface Declared {
  readonly access: Access;
  /** Its name in metrics: the template, never a path. */
  readonly template: string;
  /** Absent for the web app's files, which count by address only. */
  readonly limit?: LimitClass;
  /** Set where the handler counts besides, by what the body says. */
  readonly countsAccount?: true;
  /** How fast its body must come; without it, as fast as any. */
  readonly pace?: BodyPace;
  readonly anyOrigin?: true;
}

/** What the guard finds out about a request. */
export interface GatewayRequest {
  readonly scope: RequestScopeValues;
  readonly address: string;
  readonly startedAt: number;
  /** Ends what is recorded of this request; files of the web app are not recorded. */
  readonly endSpan?: EnteredSpan['end'];
  readonly credential?: Credential;
  readonly caller?: Caller;
}

/**
 * The one door of the HTTP side. It runs for every request the router matched, on what the router matched and not on the
 * path as written, so no spelling of a path gets around it. Nothing declared means refused.
 */
@Injectable()
export class Guard {
  constructor(
    private readonly sessions: SessionResolver,
    private readonly origins: OriginPolicy,
    private readonly limits: RateLimits,
    private readonly addresses: ClientAddress,
    private readonly connections: Connections,
  ) {}

  /** Before anything can fail: who asks from where, and how to find it in the logs. */
  begin(request: FastifyRequest): GatewayRequest {
    const header = request.headers['traceparent'];
    const incoming = { traceparent: typeof header === 'string' ? header : undefined };
    const template = request.routeOptions.config.declared?.template;
    const span = template?.startsWith('/api/')
      ? Tracing.enter(
          { name: `${request.method} ${template}`, kind: 'server', attributes: { 'http.route': template } },
          incoming,
        )
      : undefined;
    return {
      scope: span?.scope ?? RequestScope.enter(incoming),
      ...(span && { endSpan: span.end }),
      address: this.addresses.of(request.raw),
      startedAt: performance.now(),
    };
  }

  /** It is answered. */
  end(request: FastifyRequest): void {
    this.connections.answered(request.raw);
  }

  /** @throws DomainError RATE_LIMITED, FOREIGN_ORIGIN, UNAUTHENTICATED, UNAVAILABLE */
  async admit(begun: GatewayRequest, request: FastifyRequest, declared: Declared | undefined): Promise<GatewayRequest> {
    this.connections.asks(request.raw);
    const address = limitKey(begun.address);
    const credential = readCredential(request.headers);
    const whose = this.sessions.acquaintance(credential);
    this.limits.ask('request', { address, session: whose?.credentialId });
    if (whose) this.connections.isKnown(request.raw);
    if (!declared) throw new DomainError('NOT_FOUND');

    const bearer = request.headers.authorization !== undefined;
    if (changesState(request.method) && !bearer && !declared.anyOrigin) this.origins.requireOwnPage(request.headers);

    if (declared.access === 'public') {
      if (declared.limit && !declared.countsAccount) this.limits.take(declared.limit, whose?.userId ?? address);
      return { ...begun, ...(credential && { credential }) };
    }
    const caller = await RequestScope.run(begun.scope, () => this.sessions.resolve(credential));
    this.connections.isKnown(request.raw);
    if (declared.limit) this.limits.take(declared.limit, caller.userId);
    const scope = { ...begun.scope, principalUserIdHash: shortHash(caller.userId) };
    return { ...begun, scope, caller, ...(credential && { credential }) };
  }
}
