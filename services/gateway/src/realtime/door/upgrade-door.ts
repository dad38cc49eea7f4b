import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError } from '@conclave/errors';
import { Logger, RequestScope, Tracing, type RequestScopeValues } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../../config.js';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { Connections } from '../../connections/connections.js';
import { ClientAddress, limitKey } from '../../connections/client-address.js';
import { rawProblem } from '../../http/server/http-server.js';
import { OriginPolicy } from '../../http/origin.js';
import { HttpRefusal, isUnexpected, problemOf } from '../../http/problem.js';
import { RateLimits } from '../../http/rate-limits.js';
import { readSessionCookie } from '../../session/session-cookie.js';
import { SessionResolver } from '../../session/session-resolver.js';

/** One WebSocket handshake that passed the first checks: our Origin, within limits, a path we know. */
export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** The room's link, where the path has one. */
  readonly slug: string;
  readonly query: URLSearchParams;
  readonly address: string;
  readonly scope: RequestScopeValues;
}

/** What answers a path; it throws a DomainError to refuse before the handshake is done. */
export type Upgrade = (handshake: Handshake) => Promise<void>;

/** The one door for WebSockets. Paths are compared as they are written: no other spelling leads anywhere. */
@Injectable()
export class UpgradeDoor {
  /** By the path, with `{slug}` in place of a room's link. */
  private readonly paths = new Map<string, Upgrade>();
  private closed = false;

  constructor(
    private readonly origins: OriginPolicy,
    private readonly addresses: ClientAddress,
    private readonly limits: RateLimits,
    private readonly connections: Connections,
    private readonly sessions: SessionResolver,
    private readonly metrics: GatewayMetrics,
    private readonly logger: Logger,
    @Inject(configToken) private readonly config: Pick<Config, 'PUBLIC_URL'>,
  ) {}

  add(path: string, upgrade: Upgrade): void {
    this.paths.set(path, upgrade);
  }

  /** Paths that upgrade, for the test that tries each of them. */
  get known(): readonly string[] {
    return [...this.paths.keys()];
  }

  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      void this.open(request, socket, head);
    });
  }

  /** Opens for nobody any more. */
  close(): void {
    this.closed = true;
  }

  /** The path, where it is one of ours. */
  private nameOf({ url = '' }: IncomingMessage): string {
    const [path] = splitOnce(url, '?');
    const [template] = templateOf(path);
    return this.paths.has(template) ? template : 'elsewhere';
  }

  private async open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Without a listener, a client that goes away during the checks would end the process.
    const ignore = (): void => void socket.destroy();
    socket.on('error', ignore);
    const span = Tracing.enter({ name: 'WebSocket', kind: 'server' });
    const { scope } = span;
    let outcome = 'ok';
    try {
      const address = this.addresses.of(request);
      this.connections.asks(request);
      const token = readSessionCookie(request.headers.cookie);
      const whose = this.sessions.acquaintance(token === undefined ? undefined : { kind: 'session', token });
      this.limits.ask('socket', { address: limitKey(address), session: whose?.credentialId });
      if (whose) this.connections.isKnown(request);
      if (this.closed) throw new DomainError('UNAVAILABLE', { retryAfterSeconds: 1 });
      const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
      const [template, slug] = templateOf(path);
      const upgrade = this.paths.get(template);
      if (!upgrade || request.method !== 'GET') throw new DomainError('NOT_FOUND');
      this.origins.requireOwnSocket(request.headers);
      requireWellFormed(request.headers);
      const handshake = { request, socket, head, slug, query: new URLSearchParams(query), address, scope };
      await RequestScope.run(scope, () => upgrade(handshake));
    } catch (error) {
      const problem = problemOf(error, scope.correlationId);
      outcome = problem.reason;
      this.metrics.refused(problem.reason);
      if (isUnexpected(error)) RequestScope.run(scope, () => this.logger.error('handshake failed', { error }));
      if (socket.writable) socket.end(rawProblem(problem, this.config));
      else socket.destroy();
    } finally {
      span.end(outcome, { name: `WebSocket ${this.nameOf(request)}` });
    }
  }
}

/** What the library would refuse in its own words, without our headers (RFC 6455, 4.2.1). @throws HttpRefusal 400 */
function requireWellFormed(headers: IncomingHttpHeaders): void {
  const {
    'sec-websocket-key': key = '',
    'sec-websocket-version': version,
    'sec-websocket-protocol': protocol,
  } = headers;
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key))
    throw new HttpRefusal(400, 'INVALID_ARGUMENT', { field: 'Sec-WebSocket-Key' });
  if (version !== '13') throw new HttpRefusal(400, 'INVALID_ARGUMENT', { field: 'Sec-WebSocket-Version' });
  // We speak none, and no page of ours asks for one.
  if (protocol !== undefined) throw new HttpRefusal(400, 'INVALID_ARGUMENT', { field: 'Sec-WebSocket-Protocol' });
}

/** A room's path without its link, and the link; any other path as it is. */
function templateOf(path: string): [string, string] {
  const [, before, slug, behind] = /^(\/api\/v1\/rooms\/)([a-z0-9-]{8,64})(\/[a-z]+)$/.exec(path) ?? [];
  if (before && slug && behind) return [`${before}{slug}${behind}`, slug];
  // A brace is no letter of a path: nobody asks for the template itself.
  return [path.includes('{') ? '' : path, ''];
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
