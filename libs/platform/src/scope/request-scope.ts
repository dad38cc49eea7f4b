import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { childTrace, formatTraceparent, parseTraceparent } from './traceparent.js';

/** What follows one request through every await, and into every log line. */
export interface RequestScopeValues {
  /** What a person can quote to support. */
  readonly correlationId: string;
  /** W3C traceparent of this hop. */
  readonly traceparent: string;
  /** A hash, never the id itself. */
  readonly principalUserIdHash?: string;
}

/** What a request may bring from outside. */
export interface IncomingScope {
  readonly correlationId?: string | undefined;
  readonly traceparent?: string | undefined;
}

const storage = new AsyncLocalStorage<RequestScopeValues>();

/** Shape of a correlation id that we accept from outside. */
const CORRELATION_ID = /^[0-9A-Za-z-]{8,64}$/;

/** The request that the current code runs for. */
export const RequestScope = {
  /** Runs `work` inside a scope. */
  run<T>(values: RequestScopeValues, work: () => T): T {
    return storage.run(values, work);
  },

  /** The scope of the current request; undefined outside of one. */
  current(): RequestScopeValues | undefined {
    return storage.getStore();
  },

  /** A scope for an incoming request: keeps a well-formed correlation id, continues a well-formed trace, makes the rest. */
  enter(incoming: IncomingScope = {}): RequestScopeValues {
    const { correlationId, traceparent } = incoming;
    return {
      correlationId: correlationId && CORRELATION_ID.test(correlationId) ? correlationId : randomUUID(),
      traceparent: formatTraceparent(childTrace(parseTraceparent(traceparent))),
    };
  },
};
