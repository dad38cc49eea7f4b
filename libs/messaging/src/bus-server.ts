import {
  accessOf,
  common,
  create,
  fromBinary,
  messageCheck,
  toBinary,
  zeroFiller,
  type DescMethod,
  type Message,
  type MessageCheck,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { RequestScope, shortHash, Tracing, type EnteredSpan, type RequestScopeValues } from '@conclave/platform';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { headers as makeHeaders, type Msg, type Subscription } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import type { Bus } from './bus.js';
import { callScope, type CallContext } from './call-context.js';
import { accessOfHandler, type HandlerExtras } from './decorators.js';
import { encodeError } from './error-reply.js';
import { header } from './headers.js';
import type { PrincipalVerifier } from './principal-verifier.js';

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
  /** Called when a handler starts; what it returns, when it has ended. */
  readonly started: () => () => void;
  /** Called once per call; the only place that logs an unexpected error. */
  readonly record: (record: CallRecord) => void;
}

interface Handled {
  readonly method: DescMethod;
  /** Holds a request to the rules of its fields, and fills in what 0 stands for. */
  readonly check: MessageCheck;
  readonly handle: MessageHandler;
}

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
      const { bus } = this.ready();
      const handlers = [...this.getHandlers()].map(
        ([subject, handler]) => [subject, declared(subject, handler)] as const,
      );
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
    const { method, check, handle } = handled;
    const now = Date.now();
    const latest = now + longestWaitMs;
    const deadline = Math.min(Number(message.headers?.get(header.deadline)) || latest, latest);
    if (deadline <= now) throw new DomainError('DEADLINE_EXCEEDED');
    const { principal, principalToken } = await this.personBehind(method, message);
    const request = decode(method, message.data);
    check(request);
    const context: CallContext = {
      principal,
      principalToken,
      deadline: new Date(deadline),
      correlationId: scope.correlationId,
      traceparent: scope.traceparent,
      idempotencyKey: message.headers?.get(header.idempotency) || undefined,
      signal: AbortSignal.timeout(deadline - now),
    };
    const named = principal ? { ...scope, principalUserIdHash: shortHash(principal.userId) } : scope;
    const response = await RequestScope.run(named, () =>
      callScope.run(context, async () =>
        lastValueFrom(this.transformToObservable(await handle(request, context)), { defaultValue: {} }),
      ),
    );
    return toBinary(method.output, create(method.output, response as Record<string, unknown>));
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

function decode(method: DescMethod, data: Uint8Array): Message {
  if (data.length > longestRequestBytes) throw new DomainError('PAYLOAD_TOO_LARGE');
  try {
    return fromBinary(method.input, data);
  } catch (cause) {
    throw new DomainError('INVALID_ARGUMENT', { cause, details: { field: 'body' } });
  }
}

/** Reads what a handler declares and stops the start where it does not fit the contract. */
function declared(subject: string, handler: MessageHandler): Handled {
  const { rpc, handler: method } = (handler.extras ?? {}) as Partial<HandlerExtras>;
  if (!rpc || !method) throw new Error(`${subject} is not declared with @Rpc`);
  const access = accessOfHandler(method);
  if (!access) throw new Error(`${subject} declares no @Access, so nobody may call it`);
  const expected = modeOf(access);
  if (accessOf(rpc).auth !== expected)
    throw new Error(`${subject}: @Access('${access}') does not fit the auth mode of its proto`);
  return { method: rpc, check: checkOf(rpc), handle: handler };
}

/** Compiled at the start: no first call pays for it, and rules that make no sense stop the service before anybody calls. */
function checkOf({ input }: DescMethod): MessageCheck {
  const fits = messageCheck(input);
  const fill = zeroFiller(input);
  return (request) => {
    fits(request);
    fill(request);
  };
}

function modeOf(access: string): common.AuthMode {
  if (access === 'public') return common.AuthMode.ANONYMOUS;
  if (access === 'service') return common.AuthMode.SERVICE;
  return common.AuthMode.PERSON;
}
