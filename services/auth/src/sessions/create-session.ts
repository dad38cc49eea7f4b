import { timestampFromDate, type auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { networkOf, readEmailAddress, type EmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { readPassword, type Password } from '../credentials/password.js';
import { readDevice, type Device } from '../device/device.js';
import { factorsHeld } from '../factor/factors-held.js';
import { AuthMetrics, type LoginOutcome } from '../metrics/auth-metrics.js';
import { accountMessage } from '../people/account-message.js';
import type { Person } from '../people/person.js';
import { type Claimant, Claimants } from './claimants.js';
import { SessionOpening } from './session-opening.js';
import { SignInChallenges } from './sign-in-challenges.js';

/** The person and the token for the cookie, or what is still needed and the token that binds it to the browser. */
type SignedIn = Answer<typeof auth.SessionsService.method.createSession>;

/** Signs a person in, or begins to. An unknown address and a wrong password are one and the same answer, at the same cost. */
@Injectable()
export class CreateSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly claimants: Claimants,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly hasher: PasswordHasher,
    private readonly opening: SessionOpening,
    private readonly challenges: SignInChallenges,
    private readonly audit: AuthAudit,
    private readonly metrics: AuthMetrics,
  ) {}

  /** @throws DomainError CREDENTIALS_WRONG, RATE_LIMITED, BUSY, INVALID_ARGUMENT */
  async execute(request: auth.CreateSessionRequest): Promise<SignedIn> {
    const email = readEmailAddress(request.email);
    const password = readPassword(request.password);
    const device = readDevice(request);

    try {
      return await this.signIn(email, password, device, request.formerSessionToken);
    } catch (error) {
      // Whatever is no refusal of ours is a failure of ours.
      const outcome = error instanceof DomainError ? refusals[error.reason] : 'error';
      if (outcome) this.metrics.login('password', outcome);
      throw error;
    }
  }

  private async signIn(email: EmailAddress, password: Password, device: Device, former: string): Promise<SignedIn> {
    const claimant = await this.claimants.byEmail(email, device);
    const keys = this.limits.forSignIn(email.key, device, claimant.knownDevice);
    const [network, known] = [networkOf(device.address), claimant.knownDevice];
    // Strangers who try one account from elsewhere take nothing of its owner's share.
    const turn = { person: known ? email.key : `${network} ${email.key}`, network, known };
    const proven = await this.check.run(keys, () => this.hasher.verify(password, claimant.hash, turn));
    if (!proven || !claimant.person) return this.refuse(claimant);
    const signedIn = await this.open(claimant.person, device, former);
    this.metrics.login('password', 'ok');
    return signedIn;
  }

  /** Unknown accounts leave a row too: the same work, and guesses at addresses are worth seeing. */
  private async refuse({ person }: Claimant): Promise<never> {
    await this.transaction.run((em) => this.audit.record(em, { action: 'sign-in.failed', userId: person?.id }));
    throw new DomainError('CREDENTIALS_WRONG');
  }

  private open(person: Person, device: Device, former: string): Promise<SignedIn> {
    const { id: userId } = person;
    return this.transaction.run(async (em) => {
      const next = await factorsHeld(em, userId);
      if (next.length > 0) {
        const { token: challengeToken, expiresAt } = await this.challenges.begin(em, userId);
        await this.audit.record(em, { action: 'sign-in.step-needed', userId });
        return { next, challengeToken, challengeExpiresAt: timestampFromDate(expiresAt) };
      }
      const { session, token, deviceToken } = await this.opening.open(em, userId, device, former);
      await this.audit.record(em, { action: 'sign-in.succeeded', userId, sessionId: session.id });
      return { account: accountMessage(person), sessionToken: token, deviceToken };
    });
  }
}

const refusals: Readonly<Record<string, LoginOutcome>> = {
  CREDENTIALS_WRONG: 'wrong',
  RATE_LIMITED: 'throttled',
  BUSY: 'busy',
  DEADLINE_EXCEEDED: 'busy',
  INTERNAL: 'error',
  UNAVAILABLE: 'error',
};
