import type { Logger } from '../logging/logger.js';
import { OperatorError } from '../operator-error.js';
import { Tracing } from './tracing.js';

/** Share of traces that are recorded, from the standard variable; all of them where it is not set. */
export function samplerRatio(env: NodeJS.ProcessEnv): number {
  const text = env['OTEL_TRACES_SAMPLER_ARG'] || '1';
  const ratio = Number(text);
  if (!/^\d(\.\d{1,9})?$/.test(text) || ratio > 1)
    throw new OperatorError('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
  return ratio;
}

/**
 * Turns tracing on where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector (OTLP over HTTP; `OTEL_EXPORTER_OTLP_HEADERS` for its
 * password). Elsewhere nothing is loaded. `atTheDoor` is for the gateway: what a browser says about sampling is not believed.
 *
 * @throws OperatorError where the variables make no sense
 */
export async function startTracing(
  service: string,
  logger: Logger,
  { atTheDoor = false, env = process.env }: { atTheDoor?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint) return;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new OperatorError('OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL');
  const ratio = samplerRatio(env);
  const { otelRecorder } = await import('./otel-recorder.js');
  Tracing.use(otelRecorder({ service, endpoint, ratio, atTheDoor }));
  logger.info('tracing on', { host: new URL(endpoint).host });
}
