import { broadcastPattern } from '@conclave/contracts';
import type { Logger, Metrics } from '@conclave/platform';
import type { Bus } from './bus.js';
import type { CallRecord } from './bus-server.js';

/** Keeps the metrics of the connection and of the calls made over it, and writes one line per change. */
export function observeBus(bus: Bus, metrics: Metrics, logger: Logger): void {
  metrics.natsConnection(true);
  bus.onCall(({ subject, seconds, outcome }) => metrics.observeNats({ subject, role: 'client', outcome }, seconds));
  bus.onBroadcastFailure(({ subject, error }) => {
    metrics.natsBroadcastFailed(broadcastPattern(subject));
    logger.error('broadcast not handled', { subject, error });
  });
  bus.onStatus((status) => {
    metrics.natsConnection(status !== 'disconnect');
    if (status === 'reconnect') metrics.natsReconnected();
    if (status === 'disconnect') logger.warn('bus lost');
    else logger.info('bus back');
  });
}

/** One observation per call; an unexpected error is logged here and nowhere else. */
export function recordCalls(metrics: Metrics, logger: Logger): (record: CallRecord) => void {
  return ({ subject, seconds, outcome, unexpected }) => {
    metrics.observeNats({ subject, role: 'server', outcome }, seconds);
    logger.debug('call', { subject, outcome, durationMs: Math.round(seconds * 1000) });
    if (unexpected !== undefined) logger.error('call failed', { subject, error: unexpected });
  };
}
