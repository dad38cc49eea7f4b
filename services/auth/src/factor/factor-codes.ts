import { auth } from '@conclave/contracts';
import { Clock } from '@conclave/platform';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RecoveryCodes } from './recovery-codes.js';
import { SecretSeal } from './secret-seal.js';
import { stepOfCode } from './totp-code.js';
import { TotpFactor } from './totp-factor.js';

/** Checks the codes of factors, and uses them up: once means once, also for many at one moment. */
@Injectable()
export class FactorCodes {
  constructor(
    private readonly recovery: RecoveryCodes,
    private readonly seal: SecretSeal,
    private readonly clock: Clock,
  ) {}

  /** Whether a code is this person's and was not used; within the transaction of `em` it is used from now on. */
  async take(em: EntityManager, userId: string, step: auth.SignInStep, typed: string): Promise<boolean> {
    if (step === auth.SignInStep.RECOVERY_CODE) return this.recovery.use(em, userId, typed);
    if (step !== auth.SignInStep.TOTP) return false;
    const factors = await em.find(
      TotpFactor,
      { userId, confirmedAt: { $ne: null } },
      { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    return factors.some((factor) => this.takeOf(factor, typed));
  }

  /** The same for one app, locked by the caller. */
  takeOf(factor: TotpFactor, typed: string): boolean {
    const { userId, id: factorId } = factor;
    const now = this.clock.now();
    const step = stepOfCode(this.seal.open({ userId, factorId }, factor.sealedSecret), typed, now);
    return step !== undefined && factor.take(step, now);
  }
}
