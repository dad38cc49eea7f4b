import { DomainError, type ErrorReason } from '@conclave/errors';

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

/** The one place where a fact of the domain becomes an HTTP status and a short title. */
export const problemTable: Readonly<Record<ErrorReason, readonly [status: number, title: string]>> = {
  INTERNAL: [500, 'Something of ours broke'],
  INVALID_ARGUMENT: [400, 'The request does not fit its shape'],
  UNAUTHENTICATED: [401, 'Please sign in'],
  PERMISSION_DENIED: [403, 'You may not do this here'],
  NOT_FOUND: [404, 'There is nothing here'],
  CONFLICT: [409, 'It changed meanwhile, or exists already'],
  RATE_LIMITED: [429, 'Too many requests'],
  DEADLINE_EXCEEDED: [504, 'The answer did not come in time'],
  UNAVAILABLE: [503, 'A part of the service does not answer'],
  BUSY: [503, 'All places are taken for a moment'],
  PAYLOAD_TOO_LARGE: [413, 'The request is too large'],
  FOREIGN_ORIGIN: [403, 'The request comes from a page that is not ours'],
  EMAIL_TAKEN: [409, 'An account with this address exists'],
  CREDENTIALS_WRONG: [401, 'Address and password do not belong together'],
  PASSWORD_TOO_SHORT: [400, 'The password is too short'],
  PASSWORD_TOO_COMMON: [400, 'The password is too common'],
  PERSONAL_TOKEN_WRONG: [403, 'The personal token is not yours'],
  PERSONAL_TOKEN_REQUIRED: [403, 'The room asks for your personal token'],
  NOT_INVITED: [403, 'The room admits only the invited'],
  ACCESS_CODE_REQUIRED: [403, 'The room asks for its access code'],
  ACCESS_CODE_WRONG: [403, 'The access code is wrong'],
  REMOVED_FROM_ROOM: [403, 'A host removed you from this room'],
  ROOM_FULL: [409, 'The room is full'],
  INVITATION_EXPIRED: [410, 'The invitation has expired'],
  INVITATION_USED: [409, 'The invitation was used already'],
  INVITATION_REVOKED: [410, 'The invitation was taken back'],
  ADMISSION_ENDED: [403, 'The admission has ended'],
  NOT_PRESENT: [403, 'You are not in the meeting now'],
  FILE_INTEGRITY: [500, 'The sealed file does not verify'],
  FILE_TOO_LARGE: [413, 'The file is larger than allowed'],
  QUOTA_EXCEEDED: [409, "The room's space is used up"],
  LENGTH_MISMATCH: [400, 'More or fewer bytes came than were declared'],
  RANGE_NOT_SATISFIABLE: [416, 'The range lies outside the file'],
  FILE_NOT_AVAILABLE: [409, 'The file cannot be opened now'],
  UPLOAD_ABORTED: [400, 'The upload was stopped before its end'],
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
  const [status, title] = problemTable[refusal.reason];
  // Details of an INTERNAL could only tell about our insides.
  const details = refusal.reason === 'INTERNAL' ? {} : refusal.details;
  return {
    type: `urn:conclave:problem:${refusal.reason.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: refusal instanceof HttpRefusal ? refusal.status : status,
    reason: refusal.reason,
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
