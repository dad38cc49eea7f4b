import { common, create, fromBinary, reasonFromWire, reasonToWire, toBinary } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';

/** A refusal as bytes. Causes stay here. */
export function encodeError(error: DomainError, correlationId: string): Uint8Array {
  return toBinary(
    common.ErrorReplySchema,
    create(common.ErrorReplySchema, {
      reason: reasonToWire(error.reason),
      correlationId,
      retryAfterSeconds: error.retryAfterSeconds ?? 0,
      details: { ...error.details },
    }),
  );
}

/** A refusal from bytes; bytes that are none of ours read as INTERNAL. */
export function decodeError(bytes: Uint8Array): DomainError {
  try {
    const reply = fromBinary(common.ErrorReplySchema, bytes);
    return new DomainError(reasonFromWire(reply.reason), {
      details: reply.details,
      ...(reply.retryAfterSeconds > 0 && { retryAfterSeconds: reply.retryAfterSeconds }),
    });
  } catch (cause) {
    return new DomainError('INTERNAL', { cause });
  }
}
