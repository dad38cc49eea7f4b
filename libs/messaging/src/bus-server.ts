import {
  accessOf,
  common,
  create,
  fromBinary,
  isRepeatable,
  subjectOf,
  toBinary,
  type DescMethod,
  type Message,
} from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import { RequestScope, shortHash, Tracing, type EnteredSpan, type RequestScopeValues } from '@conclave/platform';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { headers as makeHeaders, type Msg, type Subscription } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import type { Bus } from './bus.js';
import { callScope, requirePrincipal, type CallContext } from './call-context.js';
import { encodeError } from './error-reply.js';
import type { Grant, GrantSource } from './grant.js';
import { declared, type DoorPermission, type Handled } from './handlers.js';
import { header } from './headers.js';
import type { PrincipalVerifier } from './principal-verifier.js';
import type { RepeatableStore } from './repeatable-store.js';

/** What the server tells about each call that ended. */
export interface CallRecord {
  readonly subject: string;
  readonly seconds: number;
  /** `ok` or the reason. */
  readonly outcome: string;
  /** Set where something of ours broke. */
  readonly unexpected?: unknown;
}

/** What the server works with, given after Nest has built the application. */
export interface BusServerParts {
  readonly bus: Bus;
  readonly verifier: PrincipalVerifier;
  /** Asked before every handler that declares a permission. */
  readonly grants: GrantSource | undefined;
  /** Remembers calls of methods that are repeatable by contract. */
  readonly repeatable: RepeatableStore | undefined;
  /** Called when a handler starts; what it returns, when it has ended. */
  readonly started: () => () => void;
  /** Called once per call; the only place that logs an unexpected error. */
  readonly record: (record: CallRecord) => void;
}

/** 1 to 128 visible characters. */
const keyShape = /^[\x21-\x7e]{1,128}$/;
const longestRequestBytes = 256 * 1024;
const longestWaitMs = 60_000;
const drainMs = 30_000;

/** Nest's transport over NATS with protobuf: decides on access, decodes, checks the fields, calls the handler, encodes. Nothing declared means refused. */
export class BusServer extends Server implements CustomTransportStrategy {
  private parts: BusServerParts | undefined;
  private subscriptions: Subscription[] = [];
  private inFlight = 0;
  private idle: (() => void) | undefined;

  attach(parts: BusServerParts): void {
    this.parts = parts;
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      const { bus, grants, repeatable } = this.ready();
      const handlers = [...this.getHandlers()].map(
        ([subject, handler]) => [subject, declared(subject, handler)] as const,
      );
      for (const [subject, { method }] of handlers)
        if (isRepeatable(method) && !repeatable)
          throw new Error(`${subject} is repeatable, and nothing provides a RepeatableStore`);
      for (const [subject, { permission }] of handlers)
        if (permission && !grants)
          throw new Error(`${subject} declares a permission, and nothing provides a GrantSource`);
      this.subscriptions = handlers.map(([subject, handled]) =>
        bus.respond(subject, bus.service, (message) => void this.answer(subject, handled, message)),
      );
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Takes no new calls and lets those in flight end. */
  async close(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain().catch(() => undefined)));
    this.subscriptions = [];
    if (this.inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, drainMs);
      this.idle = () => (clearTimeout(timer), resolve());
    });
  }

  on(): never {
    throw new Error('BusServer has no events');
  }

  unwrap<T>(): T {
    return this.ready().bus as T;
  }

  private ready(): BusServerParts {
    if (!this.parts) throw new Error('BusServer.attach must come before listen');
    return this.parts;
  }

  private answer(subject: string, handled: Handled, message: Msg): Promise<void> {
    const span = Tracing.enter(
      { name: subject, kind: 'server', attributes: { 'rpc.system': 'nats', 'rpc.method': subject } },
      { correlationId: message.headers?.get(header.correlation), traceparent: message.headers?.get(header.trace) },
    );
    return RequestScope.run(span.scope, () => this.answerInScope(subject, handled, message, span));
  }

  private async answerInScope(
    subject: string,
    handled: Handled,
    message: Msg,
    { scope, end }: EnteredSpan,
  ): Promise<void> {
    const began = performance.now();
    const ended = this.ready().started();
    let outcome = 'ok';
    let unexpected: unknown;
    this.inFlight++;
    try {
      message.respond(await this.handle(handled, message, scope));
    } catch (error) {
      const refusal = error instanceof DomainError ? error : new DomainError('INTERNAL', { cause: error });
      if (refusal.reason === 'INTERNAL') unexpected = refusal.cause ?? refusal;
      outcome = refusal.reason;
      const fields = makeHeaders();
      fields.set(header.error, refusal.reason);
      message.respond(encodeError(refusal, scope.correlationId), { headers: fields });
    } finally {
      ended();
      this.inFlight--;
      if (this.inFlight === 0) this.idle?.();
      end(outcome);
      const seconds = (performance.now() - began) / 1000;
      this.ready().record({ subject, seconds, outcome, ...(unexpected !== undefined && { unexpected }) });
    }
  }

  private async handle(handled: Handled, message: Msg, scope: RequestScopeValues): Promise<Uint8Array> {
    const { method, check, handle, permission } = handled;
    const leftMs = timeLeft(message);
    if (leftMs <= 0) throw new DomainError('DEADLINE_EXCEEDED');
    const { principal, principalToken } = await this.personBehind(method, message);
    const request = decode(method, message.data);
    check(request);
    const call: CallContext = {
      principal,
      principalToken,
      grant: undefined,
      deadline: new Date(Date.now() + leftMs),
      correlationId: scope.correlationId,
      traceparent: scope.traceparent,
      idempotencyKey: message.headers?.get(header.idempotency) || undefined,
      signal: AbortSignal.timeout(leftMs),
    };
    const named = principal ? { ...scope, principalUserIdHash: shortHash(principal.userId) } : scope;
    return RequestScope.run(named, () =>
      callScope.run(call, async () => {
        const context = permission ? { ...call, grant: await this.grant(permission, request, call) } : call;
        return this.once(method, message.data, call, async () => {
          const handling = this.transformToObservable(await handle(request, context));
          const response = await lastValueFrom(handling, { defaultValue: {} });
          return toBinary(method.output, create(method.output, response as Record<string, unknown>));
        });
      }),
    );
  }

  /** Behind the door, so that a repeat is held to it as the first was. */
  private once(
    method: DescMethod,
    request: Uint8Array,
    { idempotencyKey: key, principal, deadline }: CallContext,
    work: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const { repeatable } = this.ready();
    if (key === undefined || !repeatable || !isRepeatable(method)) return work();
    if (!keyShape.test(key)) throw invalidArgument('Idempotency-Key');
    return repeatable.once(
      { key, userId: principal?.userId ?? '', method: subjectOf(method), request, deadline },
      work,
    );
  }

  /** What the caller may do in the room that the request names, proven now; throws where that is not what the handler declares. */
  private grant({ asked, inside, roomOf }: DoorPermission, request: object, call: CallContext): Promise<Grant> {
    const { grants } = this.ready();
    if (!grants) throw new DomainError('PERMISSION_DENIED');
    return grants.prove({ person: requirePrincipal(call), room: roomOf(request), asked, inside });
  }

  /** The proven person where the method wants one; a token on any other method is not looked at. */
  private async personBehind(
    method: DescMethod,
    message: Msg,
  ): Promise<Pick<CallContext, 'principal' | 'principalToken'>> {
    if (accessOf(method).auth !== common.AuthMode.PERSON) return { principal: undefined, principalToken: undefined };
    const principalToken = message.headers?.get(header.principal);
    if (!principalToken) throw new DomainError('UNAUTHENTICATED');
    return { principal: await this.ready().verifier.verify(principalToken), principalToken };
  }
}

/**
 * Milliseconds that the caller still waits, counted from when its call arrives. Its own clock is not asked; one of the release
 * before says a time of day alone.
 */
function timeLeft({ headers }: Msg): number {
  const span = headers?.get(header.left);
  const left = span ? Number(span) : Number(headers?.get(header.deadline) || Infinity) - Date.now();
  return Number.isNaN(left) ? longestWaitMs : Math.min(Math.round(left), longestWaitMs);
}

function decode(method: DescMethod, data: Uint8Array): Message {
  if (data.length > longestRequestBytes) throw new DomainError('PAYLOAD_TOO_LARGE');
  try {
    return fromBinary(method.input, data);
  } catch (cause) {
    throw new DomainError('INVALID_ARGUMENT', { cause, details: { field: 'body' } });
  }
}
