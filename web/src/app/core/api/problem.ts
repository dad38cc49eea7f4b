import { DomainError, isErrorReason, type ErrorReason } from '@conclave/errors';

/** A refusal as the browser knows it: the domain's reason, and where to find it in the logs. */
export class ApiProblem extends DomainError {
  readonly correlationId: string | undefined;
  /** True when no answer came at all: the network, not the server, said no. */
  readonly offline: boolean;
  /** True when a file could not be read from this device: neither the network nor the server said no. */
  readonly unreadable: boolean;

  constructor(
    reason: ErrorReason,
    facts: {
      details?: Record<string, string>;
      retryAfterSeconds?: number;
      correlationId?: string;
      offline?: boolean;
      unreadable?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(reason, {
      cause: facts.cause,
      ...(facts.details && { details: facts.details }),
      ...(facts.retryAfterSeconds !== undefined && { retryAfterSeconds: facts.retryAfterSeconds }),
    });
    this.correlationId = facts.correlationId;
    this.offline = facts.offline ?? false;
    this.unreadable = facts.unreadable ?? false;
  }
}

/** No answer came. */
export const noAnswer = (cause?: unknown): ApiProblem => new ApiProblem('UNAVAILABLE', { offline: true, cause });

/** A file of this device that cannot be read: a folder, or one that was changed, moved or deleted since it was chosen. */
export const unreadableFile = (): ApiProblem => new ApiProblem('UPLOAD_ABORTED', { unreadable: true });

const HOPELESS: ReadonlySet<ErrorReason> = new Set([
  'FILE_INTEGRITY',
  'FILE_TOO_LARGE',
  'FOREIGN_ORIGIN',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'PERMISSION_DENIED',
  'REMOVED_FROM_ROOM',
]);

/** Whether the very same thing, tried again, may go well: where it cannot, nobody is offered to. */
export function tryingAgainHelps(error: unknown): boolean {
  const problem = asProblem(error);
  return !problem.unreadable && !HOPELESS.has(problem.reason);
}

/** Reads problem+json. Anything that does not look like ours becomes a bare reason by its status, never its text. */
export function parseProblem(status: number, body: unknown, retryAfterHeader: string | null = null): ApiProblem {
  const fields = isRecord(body) ? body : {};
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : '';
  const retryAfter = Number(fields['retryAfter'] ?? retryAfterHeader ?? Number.NaN);
  return new ApiProblem(isErrorReason(reason) ? reason : reasonOfStatus(status), {
    details: stringsOf(fields['details']),
    ...(Number.isFinite(retryAfter) && retryAfter > 0 && { retryAfterSeconds: Math.ceil(retryAfter) }),
    ...(typeof fields['correlationId'] === 'string' && { correlationId: fields['correlationId'] }),
  });
}

/** Whatever was thrown, as a problem that has words. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof DomainError)
    return new ApiProblem(error.reason, { details: { ...error.details }, cause: error });
  return new ApiProblem('INTERNAL', { cause: error });
}

function reasonOfStatus(status: number): ErrorReason {
  switch (status) {
    case 400:
      return 'INVALID_ARGUMENT';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'CONFLICT';
    case 413:
      return 'PAYLOAD_TOO_LARGE';
    case 429:
      return 'RATE_LIMITED';
    case 502:
    case 503:
      return 'UNAVAILABLE';
    case 504:
      return 'DEADLINE_EXCEEDED';
    default:
      return 'INTERNAL';
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function stringsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, fact]) => [key, String(fact)]));
}
