import { randomBytes } from 'node:crypto';

/** A position in a trace, as W3C Trace Context says it. */
export interface TraceContext {
  /** 32 hex digits, shared by the whole trace. */
  readonly traceId: string;
  /** 16 hex digits, this hop. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const PATTERN = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent` header; undefined when it is not one (the receiver then starts a trace of its own). */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version, traceId, spanId, flags, more] = PATTERN.exec(header ?? '') ?? [];
  if (!version || !traceId || !spanId || !flags) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

/** Starts a trace. */
export function newTrace(): TraceContext {
  return { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), sampled: true };
}

/** The next hop of a trace; starts one where there is none. */
export function childTrace(parent: TraceContext | undefined): TraceContext {
  return parent ? { ...parent, spanId: randomBytes(8).toString('hex') } : newTrace();
}

/** Writes a `traceparent` header. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
