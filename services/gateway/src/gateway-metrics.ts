import { Metrics } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LiveConnections, type LiveConnection } from './live/live-connections.js';

const kinds: readonly LiveConnection['kind'][] = ['events', 'media', 'upload', 'download'];

/** What only the gateway measures. */
@Injectable()
export class GatewayMetrics {
  private readonly refusals;
  private readonly closed;
  private readonly reports;
  private readonly delivered;

  constructor(@Inject(Metrics) metrics: Metrics, @Inject(LiveConnections) live: LiveConnections) {
    metrics.gauge('gateway_ws_connections', 'Open WebSockets', ['kind'], (gauge) => {
      for (const kind of ['events', 'media'] as const) gauge.set({ kind }, live.count(kind));
    });
    metrics.gauge('gateway_streams', 'File streams that run', ['kind'], (gauge) => {
      for (const kind of kinds.slice(2)) gauge.set({ kind }, live.count(kind));
    });
    this.refusals = metrics.counter('gateway_refusals_total', 'Requests and sockets refused', ['reason']);
    this.closed = metrics.counter('gateway_ws_closed_total', 'WebSockets closed by us', ['kind', 'code']);
    this.reports = metrics.counter('gateway_csp_reports_total', 'What the content security policy stopped', [
      'directive',
    ]);
    this.delivered = metrics.counter('gateway_events_delivered_total', 'Events sent to browsers');
  }

  refused(reason: string): void {
    this.refusals.inc({ reason });
  }

  socketClosed(kind: 'events' | 'media', code: number): void {
    this.closed.inc({ kind, code });
  }

  cspReported(directive: string): void {
    this.reports.inc({ directive });
  }

  eventDelivered(): void {
    this.delivered.inc();
  }
}
