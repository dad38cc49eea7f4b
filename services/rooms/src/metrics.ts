import { Metrics } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';

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

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.active = metrics.gauge('rooms_active', 'Rooms with a meeting going on');
    this.joins = metrics.counter('rooms_join_total', 'Requests for entry by outcome', ['outcome']);
    this.joinDuration = metrics.histogram('rooms_join_duration_seconds', 'From admission to a connected participant');
    this.livekitErrors = metrics.counter('rooms_livekit_api_errors_total', 'Failed calls to the media server', [
      'method',
    ]);
    this.webhooks = metrics.counter('rooms_webhook_total', 'Webhooks of the media server', ['event', 'outcome']);
    this.webhookLag = metrics.histogram(
      'rooms_webhook_lag_seconds',
      'From an event at the media server to its webhook',
    );
    this.drift = metrics.gauge('rooms_state_drift', 'Corrections the last reconciliation had to make');
  }
}
