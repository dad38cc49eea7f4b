import { pino, stdTimeFunctions, type DestinationStream, type Logger as Pino } from 'pino';
import { buildInfo } from '../build-info.js';
import { RequestScope } from '../scope/request-scope.js';
import { parseTraceparent } from '../scope/traceparent.js';
import { allowedFields, type LogFields } from './fields.js';
import { scrub } from './scrub.js';

/**
 * A message written in the code. A type that is just `string` is refused: what varies goes into fields, so no sentence
 * in a log can hold what a person typed.
 */
export type Literal<Text extends string> = string extends Text ? never : Text;

/** The redacting log; inject it by this class. */
export abstract class Logger {
  abstract debug<Text extends string>(message: Literal<Text>, fields?: LogFields): void;
  /** One line per change in a life cycle. */
  abstract info<Text extends string>(message: Literal<Text>, fields?: LogFields): void;
  abstract warn<Text extends string>(message: Literal<Text>, fields?: LogFields): void;
  /** Only for bugs and for what an operator must act on. */
  abstract error<Text extends string>(message: Literal<Text>, fields?: LogFields): void;
  /** A logger whose lines all carry these fields. */
  abstract child(fields: LogFields): Logger;
}

/** How much, and where to. */
export interface LoggerOptions {
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly version?: string;
  /** stdout, if left out. */
  readonly destination?: DestinationStream;
}

/** JSON lines on stdout, one object each, with `service` and `version`, and in a request `correlation_id`, `trace_id` and `span_id`. */
export function createLogger(service: string, options: LoggerOptions = {}): Logger {
  const { level = 'info', version = buildInfo().version, destination } = options;
  const settings = {
    level,
    base: { service, version },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: 'message',
    mixin: scopeFields,
  };
  return new PinoLogger(destination ? pino(settings, destination) : pino(settings));
}

/** Says nothing; for specs that do not look at the log. */
export const silentLogger = (): Logger => createLogger('test', { level: 'silent' });

function scopeFields(): Record<string, string> {
  const scope = RequestScope.current();
  if (!scope) return {};
  const trace = parseTraceparent(scope.traceparent);
  return {
    correlation_id: scrub(scope.correlationId, 64),
    ...(trace && { trace_id: trace.traceId, span_id: trace.spanId }),
    ...(scope.principalUserIdHash && allowedFields({ userIdHash: scope.principalUserIdHash })),
  };
}

class PinoLogger extends Logger {
  constructor(private readonly pino: Pino) {
    super();
  }

  debug(message: string, fields: LogFields = {}): void {
    if (this.pino.isLevelEnabled('debug')) this.pino.debug(allowedFields(fields), scrub(message));
  }

  info(message: string, fields: LogFields = {}): void {
    this.pino.info(allowedFields(fields), scrub(message));
  }

  warn(message: string, fields: LogFields = {}): void {
    this.pino.warn(allowedFields(fields), scrub(message));
  }

  error(message: string, fields: LogFields = {}): void {
    this.pino.error(allowedFields(fields), scrub(message));
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.pino.child(allowedFields(fields)));
  }
}
