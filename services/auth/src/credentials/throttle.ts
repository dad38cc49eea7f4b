/** How many attempts are free and how long the waits grow. */
export interface ThrottleLimit {
  /** Attempts before the first wait. */
  readonly free: number;
  /** Seconds that no wait exceeds; waits double from 1 s up to here. */
  readonly longestWait: number;
}

/** Something that attempts are counted by. */
export interface Allowance {
  /** Digest of what is counted; holds no address in the clear. */
  readonly key: Buffer;
  readonly limit: ThrottleLimit;
  /** What success does: forgets all attempts, or only the one that succeeded. */
  readonly success: 'forgets' | 'gives back';
}

/** Attempts are forgotten after so long without another. */
export const throttleWindowSeconds = 60 * 60;

/** Counts attempts where every replica sees them. */
export abstract class Throttle {
  /**
   * Counts one attempt before it is made, so that attempts at the same moment cannot all slip through.
   *
   * @throws DomainError RATE_LIMITED while a wait lasts; that attempt is not counted
   */
  abstract take(allowance: Allowance): Promise<void>;

  /** The attempt was none: it succeeded, or nobody looked at it. */
  abstract giveBack(allowance: Allowance): Promise<void>;

  /** Starts from nothing. */
  abstract forget(allowance: Allowance): Promise<void>;
}
