import { Metrics } from '@conclave/platform';
import { Injectable } from '@nestjs/common';

/** How a person's connection to a meeting can end. */
export const connectionEnds = [
  'left',
  'removed',
  'meeting_ended',
  'reconnecting',
  'connection_lost',
  'server_shutdown',
] as const;

/** One of them. */
export type ConnectionEnd = (typeof connectionEnds)[number];

/** What operators see of rooms; names as in docs/operations.md. No ids in labels. */
@Injectable()
export class RoomsMetrics {
  readonly active;
  readonly joins;
  readonly joinDuration;
  readonly livekitErrors;
  readonly webhooks;
  readonly webhookLag;
  readonly drift;
  readonly removals;
  private readonly removalsWaiting;
  private readonly oldestRemoval;
  private readonly ended;

  constructor(metrics: Metrics) {
    this.active = metrics.gauge('rooms_active', 'Rooms with a meeting going on');
    this.joins = metrics.counter('rooms_join_total', 'Requests for entry by outcome', ['outcome']);
    for (const outcome of ['admitted', 'INTERNAL', 'UNAVAILABLE']) this.joins.inc({ outcome }, 0);
    this.joinDuration = metrics.histogram(
      'rooms_join_duration_seconds',
      'From the admission (the answer that carries the media token) to media that is connected',
    );
    this.livekitErrors = metrics.counter('rooms_livekit_api_errors_total', 'Failed calls to the media server', [
      'method',
    ]);
    this.livekitErrors.inc({ method: 'ListParticipants' }, 0);
    this.webhooks = metrics.counter('rooms_webhook_total', 'Webhooks of the media server', ['event', 'outcome']);
    this.webhookLag = metrics.histogram(
      'rooms_webhook_lag_seconds',
      'From an event at the media server to its webhook',
      [],
      [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    );
    this.removals = metrics.counter(
      'rooms_media_removals_total',
      'Times the media server was told to let go of somebody',
      ['outcome'],
    );
    for (const outcome of ['done', 'failed']) this.removals.inc({ outcome }, 0);
    this.removalsWaiting = metrics.gauge('rooms_media_removals_waiting', 'People and rooms it has yet to let go of');
    this.oldestRemoval = metrics.gauge('rooms_media_removal_oldest_seconds', 'How long the oldest of them has waited');
    this.ended = metrics.counter('rooms_connections_ended_total', 'Connections to meetings that ended', ['reason']);
    for (const reason of connectionEnds) this.ended.inc({ reason }, 0);
    this.drift = metrics.gauge('rooms_state_drift', 'Corrections the last reconciliation had to make');
  }

  /** What the media server has yet to let go of. */
  removalsStand(count: number, oldestSeconds: number): void {
    this.removalsWaiting.set(count);
    this.oldestRemoval.set(oldestSeconds);
  }

  /** One connection of a person to a meeting ended. */
  connectionEnded(reason: ConnectionEnd): void {
    this.ended.inc({ reason });
  }
}
