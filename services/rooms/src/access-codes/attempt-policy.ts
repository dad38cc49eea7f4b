/** How attempts at a room's code stand for one caller, or for everybody together. */
export interface Attempts {
  readonly failures: number;
  readonly lastFailureAt: Date;
  readonly blockedUntil: Date | null;
}

/** How many attempts are free, and how the waits grow. */
export interface AttemptPolicy {
  readonly free: number;
  readonly firstWaitSeconds: number;
  readonly longestWaitSeconds: number;
  /** After so long without a failure everything is forgotten. */
  readonly forgetAfterSeconds: number;
}

/** One person at one room. */
export const callerPolicy: AttemptPolicy = {
  free: 5,
  firstWaitSeconds: 60,
  longestWaitSeconds: 3_600,
  forgetAfterSeconds: 24 * 3_600,
};

/** All callers of one room together: a crowd of accounts guesses no faster. Waits stay short, or a crowd could lock the room. */
export const roomPolicy: AttemptPolicy = {
  free: 50,
  firstWaitSeconds: 15,
  longestWaitSeconds: 300,
  forgetAfterSeconds: 3_600,
};

/** Seconds until the next attempt may be made; 0 means now. */
export function waitSeconds(attempts: Attempts | null, now: Date): number {
  if (!attempts?.blockedUntil || attempts.blockedUntil <= now) return 0;
  return Math.ceil((attempts.blockedUntil.getTime() - now.getTime()) / 1000);
}

/** The state after one more failure. */
export function afterFailure(policy: AttemptPolicy, attempts: Attempts | null, now: Date): Attempts {
  const forgotten = !attempts || now.getTime() - attempts.lastFailureAt.getTime() > policy.forgetAfterSeconds * 1000;
  const failures = (forgotten ? 0 : attempts.failures) + 1;
  const over = failures - policy.free;
  const wait = over < 0 ? 0 : Math.min(policy.firstWaitSeconds * 2 ** over, policy.longestWaitSeconds);
  return { failures, lastFailureAt: now, blockedUntil: wait > 0 ? new Date(now.getTime() + wait * 1000) : null };
}

/** Attempts without a wait that are left. */
export const attemptsLeft = (policy: AttemptPolicy, attempts: Attempts): number =>
  Math.max(0, policy.free - attempts.failures);
