import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { readDevice, type Device } from '../device/device.js';
import { FactorCodes } from '../factor/factor-codes.js';
import { stepWords } from '../factor/factors-held.js';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { accountMessage } from '../people/account-message.js';
import { Person } from '../people/person.js';
import { KnownDevices } from './known-devices.js';
import { SessionOpening } from './session-opening.js';
import { SignInChallenges } from './sign-in-challenges.js';

type SignedIn = Answer<typeof auth.SessionsService.method.takeSignInStep>;

/** Ends a sign-in that waits for a second factor: code and challenge are used up, and the session opens, in one transaction. */
@Injectable()
export class TakeSignInStep {
  constructor(
    private readonly transaction: Transaction,
    private readonly challenges: SignInChallenges,
    private readonly devices: KnownDevices,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly codes: FactorCodes,
    private readonly opening: SessionOpening,
    private readonly audit: AuthAudit,
    private readonly metrics: AuthMetrics,
  ) {}

  /** @throws DomainError SIGN_IN_EXPIRED, FACTOR_WRONG, RATE_LIMITED */
  async execute(request: auth.TakeSignInStepRequest): Promise<SignedIn> {
    const device = readDevice(request);
    const { userId, known } = await this.whose(request.challengeToken, device);
    let signedIn: SignedIn | undefined;
    const right = await this.check.run(this.limits.forFactor(userId, device, known), async () => {
      signedIn = await this.finish(request, device);
      return signedIn !== undefined;
    });
    if (!right || !signedIn) return this.refuse(userId, request.step);
    this.metrics.login('factor', 'ok');
    return signedIn;
  }

  private whose(token: string, device: Device): Promise<{ userId: string; known: boolean }> {
    return this.transaction.run(async (em) => {
      const userId = await this.challenges.personOf(em, token);
      if (userId === undefined) throw new DomainError('SIGN_IN_EXPIRED');
      return { userId, known: await this.devices.knows(em, userId, device.token) };
    });
  }

  /** Undefined where the code is wrong; the challenge stays then, for the next one. */
  private finish(request: auth.TakeSignInStepRequest, device: Device): Promise<SignedIn | undefined> {
    const { challengeToken, step, code, formerSessionToken } = request;
    return this.transaction.run(async (em) => {
      const userId = await this.challenges.lock(em, challengeToken);
      const person = userId && (await em.findOne(Person, { id: userId }, { refresh: true }));
      if (!person) throw new DomainError('SIGN_IN_EXPIRED');
      if (!(await this.codes.take(em, person.id, step, code))) return undefined;
      await this.challenges.end(em, challengeToken);
      const { session, token, deviceToken } = await this.opening.open(em, person.id, device, formerSessionToken);
      await this.audit.record(em, {
        action: 'sign-in.succeeded',
        userId: person.id,
        sessionId: session.id,
        detail: { factor: stepWords[step] },
      });
      return { account: accountMessage(person), sessionToken: token, deviceToken };
    });
  }

  private async refuse(userId: string, step: auth.SignInStep): Promise<never> {
    this.metrics.login('factor', 'wrong');
    const detail = { factor: stepWords[step] };
    await this.transaction.run((em) => this.audit.record(em, { action: 'sign-in.failed', userId, detail }));
    throw new DomainError('FACTOR_WRONG');
  }
}
