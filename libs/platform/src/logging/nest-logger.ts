import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** The framework's own sentences about its life; anything else it says may quote data and is withheld. */
const KNOWN = [
  ['Starting Nest application...', 'nest starting'],
  ['Nest application successfully started', 'nest application started'],
  ['Nest microservice successfully started', 'nest microservice started'],
] as const;

/** Lets Nest log through the redacting logger: `app.useLogger(new NestLogger(logger))`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const known = KNOWN.find(([sentence]) => sentence === message)?.[1];
    if (known) this.logger.info(known, contextOf(rest));
    else this.logger.debug('nest says', contextOf(rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn('nest warns', { ...contextOf(rest), ...errorIn([message, ...rest]) });
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error('nest failed', { ...contextOf(rest), ...errorIn([message, ...rest]) });
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }

  debug(_message: unknown, ...rest: unknown[]): void {
    this.logger.debug('nest says', contextOf(rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }
}

/** Nest's last argument is the name of the class that speaks. */
function contextOf(rest: unknown[]): { component?: string } {
  const last = rest.at(-1);
  return typeof last === 'string' && /^[A-Z][A-Za-z0-9]{1,40}$/.test(last) ? { component: last } : {};
}

function errorIn(values: unknown[]): { error?: unknown } {
  const error = values.find((value) => value instanceof Error);
  return error ? { error } : {};
}
