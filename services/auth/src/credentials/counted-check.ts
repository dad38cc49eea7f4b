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
    try {
      return await this.attempts.check(keys, check);
    } catch (error) {
      if (error instanceof DomainError && error.reason === 'RATE_LIMITED') this.metrics.lockout();
      throw error;
    }
  }
}
