// The only file that knows OpenTelemetry's SDK; it is loaded only where a collector is named.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
  type Sampler,
  type SamplingResult,
} from '@opentelemetry/sdk-trace';
import { buildInfo } from '../build-info.js';
import { SystemClock } from '../clock.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import type { TraceContext } from '../scope/traceparent.js';
import type { OpenSpan, SpanParent, SpanRecorder } from './tracing.js';

/** What the recorder needs to know. */
export interface OtelOptions {
  readonly service: string;
  /** Base address of the collector; `/v1/traces` is added. */
  readonly endpoint: string;
  /** Share of traces, 0 to 1. */
  readonly ratio: number;
  /** Decides anew for traces that come from outside. */
  readonly atTheDoor: boolean;
}

/** Traces that one process may begin: enough to see, too few to drown a collector. */
const BEGINNINGS = { burst: 200, perSecond: 50 };

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** Random ids, but for the one span whose ids a browser has chosen. */
class Ids implements IdGenerator {
  private readonly random = new RandomIdGenerator();
  private given: TraceContext | undefined;

  generateTraceId(): string {
    return this.given?.traceId ?? this.random.generateTraceId();
  }

  generateSpanId(): string {
    return this.given?.spanId ?? this.random.generateSpanId();
  }

  /** While `work` runs, which must be synchronous, these are the next ids. */
  as<T>(given: TraceContext, work: () => T): T {
    this.given = given;
    try {
      return work();
    } finally {
      this.given = undefined;
    }
  }
}

/** A share of the traces, by their id, and never more than so many a second: a trace id is the caller's to choose. */
class Beginnings implements Sampler {
  private readonly share: TraceIdRatioBasedSampler;
  private readonly limit = new RateLimiter(new SystemClock(), BEGINNINGS);

  constructor(ratio: number) {
    this.share = new TraceIdRatioBasedSampler(ratio);
  }

  shouldSample(...[context, traceId]: Parameters<Sampler['shouldSample']>): SamplingResult {
    const result = this.share.shouldSample(context, traceId);
    if (result.decision === SamplingDecision.NOT_RECORD || this.limit.take('all').allowed) return result;
    return { decision: SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return 'Beginnings';
  }
}

/** Records with OpenTelemetry and exports in batches; a collector that is away costs spans, never requests. */
export function otelRecorder({ service, endpoint, ratio, atTheDoor }: OtelOptions): SpanRecorder {
  const { version, commit } = buildInfo();
  const ids = new Ids();
  const beginnings = new Beginnings(ratio);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `conclave-${service}`,
      'service.version': version,
      'vcs.ref.head.revision': commit,
    }),
    idGenerator: ids,
    sampler: new ParentBasedSampler({
      root: beginnings,
      ...(atTheDoor && { remoteParentSampled: beginnings, remoteParentNotSampled: new AlwaysOffSampler() }),
    }),
    spanLimits: { attributeCountLimit: 16, attributeValueLengthLimit: 120, eventCountLimit: 1 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 10_000 }),
        scheduledDelayMillis: 1_000,
        maxQueueSize: 4_096,
        maxExportBatchSize: 512,
      }),
    ],
  });
  const tracer = provider.getTracer('conclave', version);
  return {
    start(name, kind, parent, at) {
      const options = { kind: KINDS[kind], ...(at && { startTime: at }) };
      return open(tracer.startSpan(name, options, parent ? contextOf(parent) : ROOT_CONTEXT));
    },
    adopt(name, own, at) {
      return ids.as(own, () =>
        open(tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: at, root: true }, ROOT_CONTEXT)),
      );
    },
    flush: () => provider.shutdown().catch(() => undefined),
  };
}

function contextOf({ traceId, spanId, sampled, remote }: SpanParent) {
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: remote });
}

function open(span: Span): OpenSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    end(failed, at) {
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(at);
    },
  };
}
