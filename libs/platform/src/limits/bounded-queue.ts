import { DomainError } from '@conclave/errors';

/**
 * Lets `maxInFlight` pieces of work run, `maxWaiting` wait in order, and refuses the rest at once with BUSY: heavy work
 * (a password hash) cannot pile up until the process dies.
 */
export class BoundedQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly maxInFlight: number,
    private readonly maxWaiting: number,
    private readonly retryAfterSeconds = 1,
  ) {}

  /** Work that runs now. */
  get inFlight(): number {
    return this.running;
  }

  /** Work that waits for its turn. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** @throws DomainError BUSY when the queue is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.maxInFlight) this.running += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      // The slot passes straight to the next in line, so nobody who comes now can overtake.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.maxWaiting) {
      throw new DomainError('BUSY', { retryAfterSeconds: this.retryAfterSeconds, message: 'queue full' });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
