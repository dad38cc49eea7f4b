import { DomainError } from '@conclave/errors';
import { Attempts, type AttemptKey } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthMetrics } from '../metrics/auth-metrics.js';

/** Lets a secret be checked only as often as every key permits, and counts who was turned away. */
@Injectable()
export class CountedCheck {
  constructor(
    private readonly attempts: Attempts,
    private readonly metrics: AuthMetrics,
  ) {}

  /** The answer of `check`. @throws DomainError RATE_LIMITED before `check` is asked */
  async run(keys: readonly AttemptKey[], check: () => Promise<boolean>): Promise<boolean> {
    return this.counted(() => this.attempts.check(keys, check));
  }

  /** Something that may be done only so often, whatever comes of it. @throws DomainError RATE_LIMITED before it is done */
  async take(keys: readonly AttemptKey[], work: () => Promise<void>): Promise<void> {
    await this.counted(() => this.attempts.check(keys, () => work().then(() => false)));
  }

  /** One that was taken has come to a good end: it counts no more. */
  async giveBack(keys: readonly AttemptKey[]): Promise<void> {
    await this.attempts.giveBackOne(keys);
  }

  private async counted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DomainError && error.reason === 'RATE_LIMITED') this.metrics.lockout();
      throw error;
    }
  }
}
