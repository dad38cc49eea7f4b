import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { type Allowance, Throttle } from './throttle.js';

/** Lets a secret be checked only as often as every allowance permits. */
@Injectable()
export class ThrottledCheck {
  constructor(
    private readonly throttle: Throttle,
    private readonly metrics: AuthMetrics,
  ) {}

  /**
   * The answer of `check`. A wrong secret costs an attempt of each allowance; a check that could not be made (BUSY, a
   * server away) costs none.
   *
   * @throws DomainError RATE_LIMITED before `check` is asked
   */
  async run(allowances: readonly Allowance[], check: () => Promise<boolean>): Promise<boolean> {
    await this.takeAll(allowances);
    let right: boolean;
    try {
      right = await check();
    } catch (error) {
      await this.giveBack(allowances);
      throw error;
    }
    if (right) await this.settle(allowances);
    return right;
  }

  private async takeAll(allowances: readonly Allowance[]): Promise<void> {
    for (const [index, allowance] of allowances.entries()) {
      try {
        await this.throttle.take(allowance);
      } catch (error) {
        await this.giveBack(allowances.slice(0, index));
        if (error instanceof DomainError && error.reason === 'RATE_LIMITED') this.metrics.lockout();
        throw error;
      }
    }
  }

  private async settle(allowances: readonly Allowance[]): Promise<void> {
    for (const allowance of allowances) {
      if (allowance.success === 'forgets') await this.throttle.forget(allowance);
      else await this.throttle.giveBack(allowance);
    }
  }

  private async giveBack(allowances: readonly Allowance[]): Promise<void> {
    for (const allowance of allowances) await this.throttle.giveBack(allowance);
  }
}
