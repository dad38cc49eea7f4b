/** A call that its client may send again. */
export interface RepeatableCall {
  /** What the client chose as its idempotency key. */
  readonly key: string;
  /** Whose: keys of two people never meet. Empty where nobody is signed in. */
  readonly userId: string;
  /** For example `conclave.rooms.v1.RoomsService.CreateRoom`. */
  readonly method: string;
  /** The encoded request. */
  readonly request: Uint8Array;
  /** Until when a repeat may wait for the first to end. */
  readonly deadline: Date;
}

/** Where a service remembers calls that its contract calls `repeatable`. */
export abstract class RepeatableStore {
  /**
   * Runs `work` once per key: a repeat gets the answer of the first and has no second effect. A refusal is not remembered.
   *
   * @throws DomainError CONFLICT when the key came before with another request, or when the first call has no answer to give
   */
  abstract once(call: RepeatableCall, work: () => Promise<Uint8Array>): Promise<Uint8Array>;
}
