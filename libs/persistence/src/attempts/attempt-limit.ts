/** How many attempts at a secret are free, and how the waits grow. */
export interface AttemptLimit {
  /** Attempts before the first wait. */
  readonly free: number;
  /** The first wait; each one after it is twice as long. */
  readonly firstWaitSeconds: number;
  readonly longestWaitSeconds: number;
  /** After so long without an attempt all of them are forgotten. */
  readonly forgetAfterSeconds: number;
}

/** Something that attempts are counted by: one caller, one network, or everybody at once. */
export interface AttemptKey {
  /** What is counted, in a form that may lie in the database: ids, or a digest where it would tell whose or from where. */
  readonly key: string;
  readonly limit: AttemptLimit;
  /**
   * What success does: forget all attempts, or give back only the one that succeeded. Where everybody is counted together it must
   * be the second, else each success of an honest person would hand a fresh allowance to whoever guesses.
   */
  readonly success: 'forgets' | 'gives back';
}

/** How a key stands after an attempt was counted. */
export interface Standing {
  readonly attempts: number;
  /** Attempts that are left without a wait. */
  readonly left: number;
  /** Seconds until the next attempt may be made; 0 means now. */
  readonly waitSeconds: number;
}
