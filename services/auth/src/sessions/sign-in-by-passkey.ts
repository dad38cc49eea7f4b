import { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { readDevice, type Device } from '../device/device.js';
import { stepWords } from '../factor/factors-held.js';
import { Passkeys } from '../factor/passkeys.js';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { accountMessage } from '../people/account-message.js';
import { Person } from '../people/person.js';
import { SessionOpening } from './session-opening.js';
import { SignInChallenges } from './sign-in-challenges.js';

type SignedIn = Answer<typeof auth.SessionsService.method.signInByPasskey>;

/**
 * Signs a person in by their passkey. The device has verified the person, so it is two factors by itself: without a password, and after it as
 * the step that is needed. A signature cannot be guessed, so nothing is counted.
 */
@Injectable()
export class SignInByPasskey {
  constructor(
    private readonly transaction: Transaction,
    private readonly passkeys: Passkeys,
    private readonly challenges: SignInChallenges,
    private readonly opening: SessionOpening,
    private readonly audit: AuthAudit,
    private readonly metrics: AuthMetrics,
  ) {}

  /** @throws DomainError FACTOR_WRONG */
  async execute(request: auth.SignInByPasskeyRequest): Promise<SignedIn> {
    const device = readDevice(request);
    const signedIn = await this.signIn(request, device);
    this.metrics.login('factor', signedIn ? 'ok' : 'wrong');
    if (signedIn) return signedIn;
    const detail = { factor: stepWords[auth.SignInStep.PASSKEY] };
    await this.transaction.run((em) => this.audit.record(em, { action: 'sign-in.failed', userId: undefined, detail }));
    throw new DomainError('FACTOR_WRONG');
  }

  /** Undefined where the proof is not right; what was to be signed is used up all the same. */
  private signIn(request: auth.SignInByPasskeyRequest, device: Device): Promise<SignedIn | undefined> {
    const { passkeyToken, challengeToken, formerSessionToken } = request;
    return this.transaction.run(async (em) => {
      const passkey = await this.passkeys.prove(em, passkeyToken, request);
      if (!passkey) return undefined;
      const { userId } = passkey;
      // Whoever has typed one person's password does not go on as another.
      const begun = await this.challenges.lock(em, challengeToken);
      if (begun !== undefined && begun !== userId) return undefined;
      const person = await em.findOne(Person, { id: userId }, { refresh: true });
      if (!person) return undefined;
      if (begun !== undefined) await this.challenges.end(em, challengeToken);
      const { session, token, deviceToken } = await this.opening.open(em, userId, device, formerSessionToken);
      const detail = { factor: stepWords[auth.SignInStep.PASSKEY] };
      await this.audit.record(em, { action: 'sign-in.succeeded', userId, sessionId: session.id, detail });
      return { account: accountMessage(person), sessionToken: token, deviceToken };
    });
  }
}
