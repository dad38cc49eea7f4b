import {
  create,
  fromBinary,
  subjectOf,
  toBinary,
  type DescMethod,
  type DescService,
  type MessageInitShape,
  type MessageShape,
} from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Tracing } from '@conclave/platform';
import type { Bus } from './bus.js';
import { callScope } from './call-context.js';
import { decodeError } from './error-reply.js';
import { header } from './headers.js';

/** What a caller may say about one call; what is unsaid comes from the call being handled. */
export interface CallOptions {
  /** Signed principal token to act for a person. */
  readonly principal?: string;
  /** Longest wait in milliseconds; default 5,000, never beyond the deadline of the call being handled. */
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
}

/** A client with one typed function per method of a protobuf service. */
export type ServiceClient<S extends DescService> = {
  [K in keyof S['method']]: (
    request: MessageInitShape<S['method'][K]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<S['method'][K]['output']>>;
};

const defaultTimeoutMs = 5_000;

/** The one way to call another service: made from the descriptors, so there are no subjects by hand. */
export function createClient<S extends DescService>(
  service: S,
  bus: Bus,
  defaults: CallOptions = {},
): ServiceClient<S> {
  const client = Object.fromEntries(
    Object.entries(service.method as Record<string, DescMethod>).map(([name, method]) => [
      name,
      (request: object, options: CallOptions = {}) => call(bus, method, request, { ...defaults, ...options }),
    ]),
  );
  return client as unknown as ServiceClient<S>;
}

async function call(bus: Bus, method: DescMethod, request: object, options: CallOptions): Promise<unknown> {
  const began = performance.now();
  let outcome = 'ok';
  try {
    return await ask(bus, method, request, options);
  } catch (error) {
    outcome = error instanceof DomainError ? error.reason : 'INTERNAL';
    throw error;
  } finally {
    bus.callEnded({ subject: subjectOf(method), seconds: (performance.now() - began) / 1000, outcome });
  }
}

async function ask(bus: Bus, method: DescMethod, request: object, options: CallOptions): Promise<unknown> {
  const scope = callScope.current();
  const left = scope ? scope.deadline.getTime() - Date.now() : Infinity;
  // Timers and deadlines know whole milliseconds; what is left of a lease may be a fraction.
  const timeoutMs = Math.ceil(Math.min(options.timeoutMs ?? defaultTimeoutMs, left));
  if (timeoutMs <= 0) throw new DomainError('DEADLINE_EXCEEDED');

  const principal = options.principal ?? scope?.principalToken;
  const subject = subjectOf(method);
  const facts = { name: subject, kind: 'client', attributes: { 'rpc.system': 'nats', 'rpc.method': subject } } as const;
  return Tracing.within(facts, async ({ correlationId, traceparent }) => {
    const reply = await bus.request(
      subject,
      toBinary(method.input, create(method.input, request as Record<string, unknown>)),
      {
        [header.left]: String(timeoutMs),
        [header.deadline]: String(Date.now() + timeoutMs),
        [header.correlation]: correlationId,
        [header.trace]: traceparent,
        ...(principal && { [header.principal]: principal }),
        ...(options.idempotencyKey && { [header.idempotency]: options.idempotencyKey }),
      },
      timeoutMs,
    );
    if (reply.headers?.has(header.error)) throw decodeError(reply.data);
    return fromBinary(method.output, reply.data);
  });
}
