import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '@conclave/errors';

/**
 * How long a proof of presence holds, counted from when it was asked for. Nothing makes it longer but the next proof. The last byte is out
 * within 2 s: what is left of them is for a late timer and for the reset on its way.
 */
export const leaseMs = 1_900;
/** How often the next proof is asked for, whether or not an answer to the last question is still awaited. */
export const renewEveryMs = 700;
/** Before somebody who waits for a proof asks again. */
const retryMs = 100;

/** The time that a lease goes by, so that a spec can let it pass. */
export interface LeaseTime {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Does something once, later, unless it is taken back. */
  after(ms: number, task: () => void): () => void;
  pause(ms: number): Promise<void>;
}

const machineTime: LeaseTime = {
  now: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  pause: (ms) => pause(ms),
};

/** How a lease is kept. */
export interface LeaseTerms<Proof> {
  /** Asks for a proof; an answer that takes longer than this is worth nothing. */
  readonly prove: (timeoutMs: number) => Promise<Proof>;
  /** Whether an error says that there is no presence; any other says nothing, and the lease runs on towards its end. */
  readonly refuses: (error: unknown) => boolean;
  readonly time?: LeaseTime;
}

/**
 * Presence is a lease: it ends two seconds after the last proof was asked for, whatever the reason: nobody answers, the bus is gone,
 * this process stood still. A refusal ends it at once.
 */
export class PresenceLease<Proof> {
  private readonly controller = new AbortController();
  private readonly over = new Promise<void>((resolve) =>
    this.controller.signal.addEventListener('abort', () => resolve()),
  );
  private readonly prove: LeaseTerms<Proof>['prove'];
  private readonly refuses: LeaseTerms<Proof>['refuses'];
  private readonly time: LeaseTime;
  private cancelEnd: () => void = () => undefined;
  private cancelRenewal: () => void = () => undefined;
  private asking: { readonly at: number; readonly answered: Promise<void> } | undefined;
  private failure: unknown;
  private stopped = false;

  private constructor(
    { prove, refuses, time = machineTime }: LeaseTerms<Proof>,
    private latest: Proof,
    private askedAt: number,
  ) {
    this.prove = prove;
    this.refuses = refuses;
    this.time = time;
    this.runOut();
    this.renewLater();
  }

  /** Begins with a proof that is asked for now; rejects with what kept it from being made. */
  static async begin<Proof>(terms: LeaseTerms<Proof>): Promise<PresenceLease<Proof>> {
    const askedAt = (terms.time ?? machineTime).now();
    return new PresenceLease(terms, await terms.prove(leaseMs), askedAt);
  }

  /** Begins with a proof that somebody has just made, asked for at this moment of `performance.now()` at the earliest. */
  static from<Proof>(terms: LeaseTerms<Proof>, proof: Proof, askedAt: number): PresenceLease<Proof> {
    return new PresenceLease(terms, proof, askedAt);
  }

  /** Fires when presence is lost; its reason is the refusal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get proof(): Proof {
    return this.latest;
  }

  /** When the latest proof was asked for. */
  get provenAt(): number {
    return this.askedAt;
  }

  /** Throws where it is over. The clock decides: a process that stood still has not heard its timers yet. */
  require(): void {
    if (this.time.now() - this.askedAt >= leaseMs) this.runOutNow();
    this.signal.throwIfAborted();
  }

  /** A proof asked for at `since` or later; waits for it as long as the lease holds. */
  async since(since: number): Promise<Proof> {
    for (this.require(); this.askedAt < since; this.require()) {
      const answered = this.asking && this.asking.at >= since ? this.asking.answered : this.renew();
      await Promise.race([answered, this.over]);
      if (this.askedAt < since && !this.signal.aborted) await this.time.pause(retryMs);
    }
    return this.latest;
  }

  /** Asks for a new proof; settles with the answer, whatever it is. */
  renew(): Promise<void> {
    if (this.signal.aborted || this.stopped) return Promise.resolve();
    const at = this.time.now();
    const answered = this.ask(at).finally(() => {
      if (this.asking?.at === at) this.asking = undefined;
    });
    this.asking = { at, answered };
    return answered;
  }

  /** Presence is over: somebody said so. */
  revoke(): void {
    this.lose(notPresent());
  }

  /** Nobody needs it any more. */
  stop(): void {
    this.stopped = true;
    this.cancelEnd();
    this.cancelRenewal();
  }

  private async ask(askedAt: number): Promise<void> {
    try {
      const proof = await this.prove(Math.max(1, this.askedAt + leaseMs - askedAt));
      if (askedAt < this.askedAt || this.signal.aborted || this.stopped) return;
      this.latest = proof;
      this.askedAt = askedAt;
      this.runOut();
    } catch (error) {
      this.failure = error;
      if (this.refuses(error)) this.lose(error instanceof DomainError ? error : notPresent(error));
    }
  }

  private renewLater(): void {
    this.cancelRenewal = this.time.after(renewEveryMs, () => {
      void this.renew();
      this.renewLater();
    });
  }

  /** Lets the lease end when the latest proof is too old. */
  private runOut(): void {
    this.cancelEnd();
    this.cancelEnd = this.time.after(this.askedAt + leaseMs - this.time.now(), () => this.runOutNow());
  }

  private runOutNow(): void {
    this.lose(notPresent(this.failure));
  }

  private lose(reason: DomainError): void {
    this.stop();
    this.controller.abort(reason);
  }
}

const notPresent = (cause?: unknown): DomainError => new DomainError('NOT_PRESENT', { cause });
