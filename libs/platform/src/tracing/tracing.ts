import { RequestScope, type IncomingScope, type RequestScopeValues } from '../scope/request-scope.js';
import { formatTraceparent, parseTraceparent, type TraceContext } from '../scope/traceparent.js';
import { safeAttributes, safeName, type SpanAttributes, type SpanFacts } from './span-facts.js';

/** A span that is not over yet. */
export interface OpenSpan {
  /** Where its children hang on. */
  readonly context: TraceContext;
  rename(name: string): void;
  set(attributes: Readonly<Record<string, string | number>>): void;
  /** @param failed whether it counts as an error */
  end(failed: boolean, at?: Date): void;
}

/** Where a span hangs on; `remote` where it came over a wire just now. */
export interface SpanParent extends TraceContext {
  readonly remote: boolean;
}

/** What records spans: OpenTelemetry's SDK, or nothing. */
export interface SpanRecorder {
  start(name: string, kind: SpanFacts['kind'], parent: SpanParent | undefined, at?: Date): OpenSpan;
  /** A span with an id that somebody else chose: a browser told of it. */
  adopt(name: string, own: TraceContext, at: Date): OpenSpan;
  flush(): Promise<void>;
}

/** What happened to the work of a span: `ok`, or an error reason. */
type Outcome = string;

/** The request that was entered, and how to say that it is over. */
export interface EnteredSpan {
  readonly scope: RequestScopeValues;
  /** Ends the span; `facts` may name it better than was possible at its beginning. */
  end(outcome: Outcome, facts?: { readonly name?: string; readonly attributes?: SpanAttributes }): void;
}

let recorder: SpanRecorder | undefined;

/** Outcomes that mean that something of ours broke; every other word is an answer. */
const FAILURES: ReadonlySet<Outcome> = new Set(['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'FILE_INTEGRITY']);

const failed = (outcome: Outcome): boolean => FAILURES.has(outcome);

function parentOf(traceparent: string | undefined, remote = false): SpanParent | undefined {
  const context = parseTraceparent(traceparent);
  return context && { ...context, remote };
}

function annotate(span: OpenSpan, attributes: SpanAttributes = {}): void {
  span.set(safeAttributes(attributes));
}

function outcomeOf(error: unknown): Outcome {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? reason : 'INTERNAL';
}

/**
 * Spans of this process. Nothing is recorded, and nothing is loaded, until `startTracing` has found an endpoint; ids of requests
 * go their way all the same. The position in the trace is the request scope's `traceparent`, so log lines carry it.
 */
export const Tracing = {
  get on(): boolean {
    return recorder !== undefined;
  },

  /** Called once at boot, and by specs. */
  use(next: SpanRecorder | undefined): void {
    recorder = next;
  },

  /** Begins the work of an incoming request: continues a well-formed trace, or starts one. */
  enter(facts: SpanFacts, incoming: IncomingScope = {}): EnteredSpan {
    if (!recorder) return { scope: RequestScope.enter(incoming), end: () => undefined };
    const span = recorder.start(safeName(facts.name), facts.kind, parentOf(incoming.traceparent, true));
    annotate(span, facts.attributes);
    return {
      scope: { ...RequestScope.enter(incoming), traceparent: formatTraceparent(span.context) },
      end(outcome, { name, attributes } = {}) {
        if (name) span.rename(safeName(name));
        annotate(span, { 'conclave.outcome': outcome, ...attributes });
        span.end(failed(outcome));
      },
    };
  },

  /** Runs `work` as a part of the current request; what it sends carries the given scope. Outside of a request nothing is recorded. */
  async within<T>(facts: SpanFacts, work: (scope: RequestScopeValues) => Promise<T>): Promise<T> {
    const outer = RequestScope.current();
    if (!recorder || !outer) return work(RequestScope.enter(outer));
    const span = recorder.start(safeName(facts.name), facts.kind, parentOf(outer.traceparent));
    annotate(span, facts.attributes);
    const scope = { ...outer, traceparent: formatTraceparent(span.context) };
    try {
      const result = await RequestScope.run(scope, () => work(scope));
      span.end(false);
      return result;
    } catch (error) {
      const outcome = outcomeOf(error);
      annotate(span, { 'conclave.outcome': outcome });
      span.end(failed(outcome));
      throw error;
    }
  },

  /** Begins a part of the current request; answers how to end it, or undefined where nothing is recorded. */
  begin(facts: SpanFacts): ((failure?: boolean) => void) | undefined {
    const outer = recorder && RequestScope.current();
    if (!recorder || !outer) return undefined;
    const span = recorder.start(safeName(facts.name), facts.kind, parentOf(outer.traceparent));
    annotate(span, facts.attributes);
    return (failure = false) => span.end(failure);
  },

  /** Records a part of a trace that is over already, for example what the media server did meanwhile. */
  past(facts: SpanFacts, parent: string, from: Date, to: Date): void {
    const context = parentOf(parent);
    if (!recorder || !context) return;
    const span = recorder.start(safeName(facts.name), facts.kind, context, from);
    annotate(span, facts.attributes);
    span.end(false, to);
  },

  /** Records a span that a browser began under an id of its own. */
  adopt(facts: SpanFacts, traceparent: string, from: Date, to: Date, outcome: Outcome): void {
    const own = parseTraceparent(traceparent);
    if (!recorder || !own) return;
    const span = recorder.adopt(safeName(facts.name), own, from);
    annotate(span, { ...facts.attributes, 'conclave.outcome': outcome });
    span.end(failed(outcome), to);
  },

  /** Sends what waits; for the end of a process. */
  async flush(): Promise<void> {
    await recorder?.flush();
  },
};
