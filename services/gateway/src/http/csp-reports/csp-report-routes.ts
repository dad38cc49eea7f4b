import type { IncomingMessage } from 'node:http';
import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayMetrics } from '../../gateway-metrics.js';
import { streamRoute, type RouteHandler, type StreamParts } from '../route.js';

const longestReportBytes = 32 * 1024;

/** The directives of our policy: whatever else a report names is counted as `other`, so a report cannot invent labels. */
const directives =
  /^(script|style|img|media|font|connect|worker|default|base-uri|object|form-action|frame-ancestors|require-trusted-types-for|trusted-types|manifest)/;

/** Where browsers tell what our policy stopped. Only counted: a report quotes addresses and is written by anybody. */
@Injectable()
export class CspReports implements RouteHandler {
  constructor(private readonly metrics: GatewayMetrics) {}

  async handle(_parts: StreamParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    for (const directive of directivesIn(await readReport(request.raw))) this.metrics.cspReported(directive);
    await reply.code(204).send();
  }
}

/** By hand: the body has a media type of its own, and no service is asked. */
export const cspReportRoutes = [
  streamRoute({
    name: 'reportCsp',
    method: 'POST',
    path: '/csp-reports',
    access: 'public',
    limit: 'read',
    anyOrigin: true,
    says: 'Counts what the content security policy stopped; browsers send it by themselves.',
    accepts: 'application/reports+json',
    status: 204,
    handler: CspReports,
  }),
];

async function readReport(body: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > longestReportBytes) throw new DomainError('PAYLOAD_TOO_LARGE');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function directivesIn(text: string): string[] {
  try {
    const reports = [JSON.parse(text)].flat().slice(0, 50) as { body?: { effectiveDirective?: unknown } }[];
    return reports.map((report) => directives.exec(String(report?.body?.effectiveDirective))?.[0] ?? 'other');
  } catch {
    return ['other'];
  }
}
