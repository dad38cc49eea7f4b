import type { ServerResponse } from 'node:http';
import { DomainError, type ErrorReason } from '@conclave/errors';

/** Statuses of the data plane. The gateway reads the reason, not the status; these are for whoever looks at the wire. */
const statuses: Partial<Record<ErrorReason, number>> = {
  INVALID_ARGUMENT: 400,
  LENGTH_MISMATCH: 400,
  UPLOAD_ABORTED: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_PRESENT: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  QUOTA_EXCEEDED: 409,
  FILE_NOT_AVAILABLE: 409,
  RANGE_NOT_SATISFIABLE: 416,
  UNAVAILABLE: 503,
  STORE_FULL: 507,
  BUSY: 503,
  DEADLINE_EXCEEDED: 504,
};

/** The refusal that an error is to the outside; whatever is not one of ours is bare INTERNAL. */
export const asRefusal = (error: unknown): DomainError =>
  error instanceof DomainError ? error : new DomainError('INTERNAL', { cause: error });

/** Answers `{reason, correlationId, details?}`. Never a cause. */
export function answerRefusal(response: ServerResponse, refusal: DomainError, correlationId: string): number {
  const status = statuses[refusal.reason] ?? 500;
  const { size } = refusal.details;
  const details = Object.keys(refusal.details).length > 0 ? { details: refusal.details } : {};
  const body = Buffer.from(JSON.stringify({ reason: refusal.reason, correlationId, ...details }));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-conclave-reason': refusal.reason,
    ...(refusal.reason === 'RANGE_NOT_SATISFIABLE' && {
      'content-range': `bytes */${size ?? '*'}`,
      'accept-ranges': 'bytes',
    }),
    ...(refusal.retryAfterSeconds !== undefined && { 'retry-after': String(refusal.retryAfterSeconds) }),
  });
  response.end(body);
  return status;
}
