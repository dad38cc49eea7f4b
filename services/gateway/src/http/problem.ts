import { DomainError, reasonWords, type ErrorReason } from '@conclave/errors';

/** A refusal as RFC 9457 says it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly reason: ErrorReason;
  readonly correlationId: string;
  readonly retryAfter?: number;
  readonly details?: Readonly<Record<string, string>>;
}

/** The one place where a fact of the domain becomes an HTTP status. */
export const statusOfReason: Readonly<Record<ErrorReason, number>> = {
  INTERNAL: 500,
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  DEADLINE_EXCEEDED: 504,
  UNAVAILABLE: 503,
  BUSY: 503,
  PAYLOAD_TOO_LARGE: 413,
  FOREIGN_ORIGIN: 403,
  EMAIL_TAKEN: 409,
  CREDENTIALS_WRONG: 401,
  PASSWORD_TOO_SHORT: 400,
  PASSWORD_TOO_COMMON: 400,
  PERSONAL_TOKEN_WRONG: 403,
  PERSONAL_TOKEN_REQUIRED: 403,
  MAIL_CODE_WRONG: 403,
  MAIL_PROOF_OVER: 410,
  MAIL_OFF: 409,
  FACTOR_WRONG: 403,
  SIGN_IN_EXPIRED: 410,
  PROOF_REQUIRED: 403,
  NOT_INVITED: 403,
  ACCESS_CODE_REQUIRED: 403,
  ACCESS_CODE_WRONG: 403,
  REMOVED_FROM_ROOM: 403,
  ROOM_FULL: 409,
  INVITATION_EXPIRED: 410,
  INVITATION_USED: 409,
  INVITATION_REVOKED: 410,
  ADMISSION_ENDED: 403,
  NOT_PRESENT: 403,
  FILE_INTEGRITY: 500,
  FILE_TOO_LARGE: 413,
  QUOTA_EXCEEDED: 409,
  LENGTH_MISMATCH: 400,
  RANGE_NOT_SATISFIABLE: 416,
  FILE_NOT_AVAILABLE: 409,
  UPLOAD_ABORTED: 400,
  STORE_FULL: 507,
  WAITING_FOR_HOST: 403,
  ENTRY_DENIED: 403,
  LOBBY_FULL: 409,
  ACCESS_CODE_WEAK: 400,
};

/** A refusal that only HTTP knows: keeps its own status while its reason stays one of the domain. */
export class HttpRefusal extends DomainError {
  constructor(
    readonly status: number,
    reason: ErrorReason,
    details: Readonly<Record<string, string>> = {},
  ) {
    super(reason, { details });
  }
}

/** The problem and its status; everything unknown is a bare INTERNAL. */
export function problemOf(error: unknown, correlationId: string): Problem {
  const refusal = asRefusal(error);
  const { reason } = refusal;
  // Details of an INTERNAL could only tell about our insides.
  const details = reason === 'INTERNAL' ? {} : refusal.details;
  return {
    type: `urn:conclave:problem:${reason.toLowerCase().replaceAll('_', '-')}`,
    title: reasonWords[reason],
    status: refusal instanceof HttpRefusal ? refusal.status : statusOfReason[reason],
    reason,
    correlationId,
    ...(refusal.retryAfterSeconds !== undefined && { retryAfter: refusal.retryAfterSeconds }),
    ...(Object.keys(details).length > 0 && { details }),
  };
}

/** Whether an error is a surprise: nobody has logged it yet. An INTERNAL that came over the bus was logged where it broke. */
export function isUnexpected(error: unknown): boolean {
  const refusal = asRefusal(error);
  return refusal.reason === 'INTERNAL' && (!(error instanceof DomainError) || error.cause !== undefined);
}

/** What Fastify itself refuses, by its status: only statuses that a client can cause. */
const frameworkReasons: Readonly<Record<number, ErrorReason>> = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  408: 'INVALID_ARGUMENT',
  411: 'INVALID_ARGUMENT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  431: 'PAYLOAD_TOO_LARGE',
  503: 'UNAVAILABLE',
};

const frameworkFields: Readonly<Record<number, string>> = { 400: 'body', 414: 'path', 415: 'content-type' };

function asRefusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const ofFastify = typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number';
  // A malformed JSON body has a status but no code in older parsers: SyntaxError with 400.
  const ofParser = error instanceof SyntaxError && statusCode === 400;
  if (!ofFastify && !ofParser) return new DomainError('INTERNAL', { cause: error });
  const status = statusCode as number;
  const reason = frameworkReasons[status];
  if (!reason) return new DomainError('INTERNAL', { cause: error });
  const field = frameworkFields[status];
  return new HttpRefusal(status, reason, field === undefined ? {} : { field });
}
