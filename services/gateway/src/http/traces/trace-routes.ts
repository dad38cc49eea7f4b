import { Tracing } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { jsonRoute, type Exchange, type RouteHandler } from '../route.js';

/** W3C trace context that was recorded: version 00, sampled. */
const traceparent = z.string().regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);

const longestJoinMs = 120_000;

const seen = z.strictObject({
  traceparent,
  durationMs: z.number().int().min(0).max(longestJoinMs),
  outcome: z.enum(['ok', 'failed']),
});

/**
 * What a browser saw of a join: only how long it took and how it ended, under the trace that it began itself. Times are told as
 * a duration, for a browser's clock is its own.
 */
@Injectable()
export class JoinTraces implements RouteHandler<Exchange & { readonly body: z.output<typeof seen> }> {
  async handle({ body }: { readonly body: z.output<typeof seen> }): Promise<void> {
    const to = new Date();
    const from = new Date(to.getTime() - body.durationMs);
    const outcome = body.outcome === 'ok' ? 'ok' : 'UNAVAILABLE';
    Tracing.adopt({ name: 'browser join', kind: 'client' }, body.traceparent, from, to, outcome);
  }
}

/** By hand: no service is asked. */
export const traceRoutes = [
  jsonRoute({
    name: 'joined',
    method: 'POST',
    path: '/traces/join',
    access: 'signed-in',
    limit: 'write',
    says: 'Tells how long joining took in the browser; recorded where tracing is on, and dropped elsewhere.',
    body: seen,
    status: 204,
    handler: JoinTraces,
  }),
];
