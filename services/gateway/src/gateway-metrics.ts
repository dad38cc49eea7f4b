import { Metrics } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { closeCodes } from './live/close-codes.js';
import { LiveConnections, type LiveKind } from './live/live-connections.js';

const kinds: readonly LiveKind[] = ['upload', 'download'];
const socketKinds = ['events', 'live', 'media'] as const;

/** What holds a WebSocket open. */
export type SocketKind = (typeof socketKinds)[number];

/** Why a live frame was not passed on. */
export type FrameDrop = 'slow reader' | 'too many' | 'not permitted';

const upstreams = ['auth', 'rooms', 'files', 'livekit'] as const;

/** Whom the gateway asks. */
export type Upstream = (typeof upstreams)[number];

/** Outcomes that are no answer. */
const broken: ReadonlySet<string> = new Set(['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED']);

/** Ours and those that browsers and servers send by themselves (RFC 6455). */
const knownCodes: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006, 1009, 1011, ...Object.values(closeCodes)]);

/** The service behind a subject of the bus. */
export function upstreamOf(subject: string): Upstream | undefined {
  const name = subject.split('.')[1];
  return upstreams.find((known) => known === name);
}

/** What only the gateway measures. */
@Injectable()
export class GatewayMetrics {
  private readonly refusals;
  private readonly closed;
  private readonly limited;
  private readonly upstream;
  private readonly unproven;
  private readonly reports;
  private readonly delivered;
  private readonly frames;
  private readonly published;
  private readonly drops;
  private readonly bodies;
  private readonly crowded;

  constructor(metrics: Metrics, live: LiveConnections) {
    metrics.gauge('gateway_ws_connections', 'Open WebSockets', ['kind'], (gauge) => {
      for (const kind of socketKinds) gauge.set({ kind }, live.count(kind));
    });
    metrics.gauge('gateway_streams', 'File streams that run', ['kind'], (gauge) => {
      for (const kind of kinds) gauge.set({ kind }, live.count(kind));
    });
    this.refusals = metrics.counter('gateway_refusals_total', 'Requests and sockets refused', ['reason']);
    this.closed = metrics.counter('gateway_ws_disconnects_total', 'WebSockets that ended', ['kind', 'code']);
    this.limited = metrics.counter('gateway_rate_limited_total', 'Requests and sockets over a rate limit');
    this.unproven = metrics.counter('gateway_auth_rejected_total', 'Requests and sockets without a live session');
    this.upstream = metrics.counter(
      'gateway_upstream_errors_total',
      'Calls to a service that broke or did not answer in time',
      ['service'],
    );
    for (const service of upstreams) this.upstream.inc({ service }, 0);
    this.reports = metrics.counter('gateway_csp_reports_total', 'What the content security policy stopped', [
      'directive',
    ]);
    this.bodies = metrics.counter('gateway_bodies_ended_total', 'Request bodies that did not come to their end', [
      'why',
    ]);
    for (const why of ['broken off', 'too slow']) this.bodies.inc({ why }, 0);
    this.crowded = metrics.counter(
      'gateway_connections_refused_total',
      'Connections closed because an address, or everybody together, held too many',
    );
    this.crowded.inc({}, 0);
    this.delivered = metrics.counter('gateway_events_delivered_total', 'Events sent to browsers');
    this.frames = metrics.counter('gateway_live_frames_total', 'Live frames sent to browsers');
    this.published = metrics.counter('gateway_live_frames_published_total', 'Live frames published to other gateways');
    this.drops = metrics.counter('gateway_live_frames_dropped_total', 'Live frames that were not passed on', [
      'reason',
    ]);
  }

  /** A body that did not come to its end. */
  bodyBrokenOff(): void {
    this.bodies.inc({ why: 'broken off' });
  }

  /** A body that did not come fast enough. */
  bodyTooSlow(): void {
    this.bodies.inc({ why: 'too slow' });
  }

  /** A connection that was closed because its address, or everybody together, held too many. */
  connectionRefused(): void {
    this.crowded.inc();
  }

  refused(reason: string): void {
    this.refusals.inc({ reason });
    if (reason === 'RATE_LIMITED') this.limited.inc();
    if (reason === 'UNAUTHENTICATED') this.unproven.inc();
  }

  /** A browser may close with any code it likes; only those we know become a label. */
  socketClosed(kind: SocketKind, code: number): void {
    this.closed.inc({ kind, code: knownCodes.has(code) ? String(code) : 'other' });
  }

  /** One call to a service or to the media server ended; refusals of the domain are answers, not errors. */
  upstreamEnded(service: Upstream, outcome: string): void {
    if (broken.has(outcome)) this.upstream.inc({ service });
  }

  cspReported(directive: string): void {
    this.reports.inc({ directive });
  }

  eventDelivered(): void {
    this.delivered.inc();
  }

  /** One live frame that went to this many browsers. */
  framesDelivered(count: number): void {
    this.frames.inc(count);
  }

  /** One live frame that went out for the other gateways. */
  framePublished(): void {
    this.published.inc();
  }

  frameDropped(reason: FrameDrop): void {
    this.drops.inc({ reason });
  }
}
