import type { ErrorReason } from './reasons.js';

/** What may go with a refusal. */
export interface DomainErrorOptions {
  /** What really happened, for the log only; never crosses a wire. */
  readonly cause?: unknown;
  /** Words for the log only; must hold nothing a person typed. */
  readonly message?: string;
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** Facts the person may see, such as `attemptsLeft` or `field`. */
  readonly details?: Readonly<Record<string, string>>;
}

/** A refusal as a fact of the domain: knows neither HTTP nor the bus. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly retryAfterSeconds: number | undefined;
  readonly details: Readonly<Record<string, string>>;

  constructor(
    readonly reason: ErrorReason,
    options: DomainErrorOptions = {},
  ) {
    super(options.message ?? reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details ?? {};
  }
}

/** A field of a request that does not fit; `field` is the path a person or client knows. */
export const invalidArgument = (field: string, message?: string): DomainError =>
  new DomainError('INVALID_ARGUMENT', { details: { field }, ...(message && { message }) });
