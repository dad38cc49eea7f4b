import { stopwatch } from '../time/server-clock';

const hex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * One join, from the click to media, as the root of a trace (W3C Trace Context). It says who nobody is: its ids are random, and
 * only a duration and an outcome are ever told, where the server has said that it records.
 */
export class JoinTrace {
  readonly traceparent = `00-${hex(16)}-${hex(8)}-01`;
  /** Set by the answer to the entry: the server records this trace. */
  recorded = false;
  private readonly began = stopwatch();

  /** What is told at the end. */
  report(outcome: 'ok' | 'failed'): { traceparent: string; durationMs: number; outcome: 'ok' | 'failed' } {
    const durationMs = Math.min(120_000, Math.round(stopwatch() - this.began));
    return { traceparent: this.traceparent, durationMs, outcome };
  }
}
