/** Every fact that can stop a call, as in proto `ErrorReason` without its prefix; a spec in contracts holds the two equal. */
export const errorReasons = [
  'INTERNAL',
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'DEADLINE_EXCEEDED',
  'UNAVAILABLE',
  'BUSY',
  'PAYLOAD_TOO_LARGE',
  'FOREIGN_ORIGIN',
  'EMAIL_TAKEN',
  'CREDENTIALS_WRONG',
  'PASSWORD_TOO_SHORT',
  'PASSWORD_TOO_COMMON',
  'PERSONAL_TOKEN_WRONG',
  'PERSONAL_TOKEN_REQUIRED',
  'MAIL_CODE_WRONG',
  'MAIL_PROOF_OVER',
  'MAIL_OFF',
  'FACTOR_WRONG',
  'SIGN_IN_EXPIRED',
  'PROOF_REQUIRED',
  'NOT_INVITED',
  'ACCESS_CODE_REQUIRED',
  'ACCESS_CODE_WRONG',
  'REMOVED_FROM_ROOM',
  'ROOM_FULL',
  'INVITATION_EXPIRED',
  'INVITATION_USED',
  'INVITATION_REVOKED',
  'ADMISSION_ENDED',
  'NOT_PRESENT',
  'FILE_INTEGRITY',
  'FILE_TOO_LARGE',
  'QUOTA_EXCEEDED',
  'LENGTH_MISMATCH',
  'RANGE_NOT_SATISFIABLE',
  'FILE_NOT_AVAILABLE',
  'UPLOAD_ABORTED',
  'STORE_FULL',
  'WAITING_FOR_HOST',
  'ENTRY_DENIED',
  'LOBBY_FULL',
  'ACCESS_CODE_WEAK',
] as const;

/** A reason in the words of the wire and the API, for example `NOT_PRESENT`. */
export type ErrorReason = (typeof errorReasons)[number];

const known: ReadonlySet<string> = new Set(errorReasons);

/** Whether a string from outside is one of our reasons. */
export const isErrorReason = (value: string): value is ErrorReason => known.has(value);
