/** What a script can tell from how it ended. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  signedOut: 3,
  notPresent: 4,
  noConnection: 5,
  localFile: 6,
  /** As shells say it of Ctrl-C. */
  stopped: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with words. */
export class Failure extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A refusal of the server: its reason, and whether waiting may help. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, string>>;
  readonly retryAfterMs: number;

  constructor(status: number, body: unknown, retryAfter: string | undefined) {
    const fields = isRecord(body) ? body : {};
    const reason = typeof fields['reason'] === 'string' ? fields['reason'] : `HTTP ${status}`;
    super(reason);
    this.status = status;
    this.reason = reason;
    this.details = isRecord(fields['details'])
      ? Object.fromEntries(Object.entries(fields['details']).map(([key, value]) => [key, String(value)]))
      : {};
    const seconds = Number(fields['retryAfter'] ?? retryAfter);
    this.retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** No answer, or one that broke off. */
export class LostConnection extends Error {}

const passing = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RATE_LIMITED',
  'BUSY',
  'UPLOAD_ABORTED',
  'LENGTH_MISMATCH',
]);

/** Whether it may go well in a moment. */
export function passes(error: unknown): boolean {
  if (error instanceof LostConnection) return true;
  if (!(error instanceof Refusal)) return false;
  return passing.has(error.reason) || error.details['why'] === 'offset' || error.status === 502 || error.status === 503;
}

const words: Readonly<Record<string, string>> = {
  UNAUTHENTICATED:
    'The server does not know who you are. Set CONCLAVE_TOKEN to your personal token (it begins with cnv_; settings of the web app), or CONCLAVE_SESSION to a session.',
  NOT_PRESENT:
    'Files of a room open only while you are in its meeting. Enter it in the browser with the same account, stay there, and run this again: it goes on where it stopped.',
  PERMISSION_DENIED: 'You may not do this in this room. Ask its host.',
  NOT_FOUND: 'There is no such room or file, or it is not for you to see.',
  FILE_TOO_LARGE: 'The file is larger than this server takes.',
  QUOTA_EXCEEDED: 'There is no space left in the room, or for you.',
  STORE_FULL: 'The server has no room left. Tell its operator.',
  FILE_INTEGRITY: 'The file does not verify: it was changed or damaged where it lies, and stays closed.',
  CONFLICT: 'Another tab, device or command has taken this upload over.',
  FILE_NOT_AVAILABLE: 'The file cannot be opened now: it was deleted, or is not ready yet.',
};

const codes: Readonly<Record<string, ExitCode>> = {
  UNAUTHENTICATED: exitCodes.signedOut,
  NOT_PRESENT: exitCodes.notPresent,
  ADMISSION_ENDED: exitCodes.notPresent,
};

/** How whatever was thrown ends the command. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof LostConnection) return new Failure(exitCodes.noConnection, `No connection: ${error.message}`);
  if (error instanceof Refusal) {
    if (/^HTTP /.test(error.reason))
      return new Failure(
        exitCodes.failed,
        `The server answered ${error.reason}, and not as Conclave does. Is the address right?`,
      );
    const said = words[error.reason] ?? 'The server refused.';
    return new Failure(codes[error.reason] ?? exitCodes.failed, `${said} (${error.reason})`);
  }
  return new Failure(exitCodes.failed, error instanceof Error ? error.message : String(error));
}
