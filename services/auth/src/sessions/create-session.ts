import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { Allowances } from '../credentials/allowances.js';
import { readPassword, type Password } from '../credentials/password.js';
import { PasswordCredentials } from '../credentials/password-credentials.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { ThrottledCheck } from '../credentials/throttled-check.js';
import { AuthMetrics, type LoginOutcome } from '../metrics/auth-metrics.js';
import { readEmailAddress, type EmailAddress } from '../people/email-address.js';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';
import { readDevice, type Device } from './device.js';
import { DEVICE_MEMORY_SECONDS } from './session-limits.js';
import { SessionOpening } from './session-opening.js';
import { Sessions } from './sessions.js';

/** What a person types at sign-in, and where. */
export interface CreateSessionCommand {
  readonly email: string;
  readonly password: string;
  readonly userAgent: string;
  readonly clientAddress: string;
}

/** The person and the token for the cookie. */
export interface SignedIn {
  readonly person: Person;
  readonly sessionToken: string;
}

/** What is known of whoever signs in before the password is looked at. */
interface Claimant {
  readonly person: Person | null;
  readonly hash: string | undefined;
  readonly known: boolean;
}

/** Stands for the account that is not there, so that the same queries run for it. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Signs a person in. An unknown address and a wrong password are one and the same answer, at the same cost. */
@Injectable()
export class CreateSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly people: People,
    private readonly credentials: PasswordCredentials,
    private readonly sessions: Sessions,
    private readonly opening: SessionOpening,
    private readonly hasher: PasswordHasher,
    private readonly check: ThrottledCheck,
    private readonly allowances: Allowances,
    private readonly audit: AuthAudit,
    private readonly metrics: AuthMetrics,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError CREDENTIALS_WRONG, RATE_LIMITED, BUSY, INVALID_ARGUMENT */
  async execute(command: CreateSessionCommand): Promise<SignedIn> {
    const email = readEmailAddress(command.email);
    const password = readPassword(command.password);
    const device = readDevice(command);

    const claimant = await this.claimantOf(email, device);
    const proven = await this.proves(claimant, password, email, device);
    if (!proven || !claimant.person) return this.refuse(claimant);
    const sessionToken = await this.open(claimant.person, device);
    this.metrics.login('password', 'ok');
    return { person: claimant.person, sessionToken };
  }

  private claimantOf(email: EmailAddress, device: Device): Promise<Claimant> {
    const since = this.clock.after(-DEVICE_MEMORY_SECONDS);
    return this.transaction.run(async (em) => {
      const person = await this.people.byEmailKey(em, email.key);
      const id = person?.id ?? nobody;
      const credential = await this.credentials.ofUser(em, id);
      const known = await this.sessions.knowsDevice(em, id, device, since);
      return { person, hash: credential?.hash, known };
    });
  }

  private async proves({ hash, known }: Claimant, password: Password, email: EmailAddress, device: Device) {
    const allowances = this.allowances.forSignIn(email.key, device, known);
    try {
      return await this.check.run(allowances, () => this.hasher.verify(password, hash));
    } catch (error) {
      const outcome = refusals[error instanceof DomainError ? error.reason : ''];
      if (outcome) this.metrics.login('password', outcome);
      throw error;
    }
  }

  /** Unknown accounts leave a row too: the same work, and guesses at addresses are worth seeing. */
  private async refuse({ person }: Claimant): Promise<never> {
    await this.transaction.run((em) => this.audit.record(em, { action: 'sign-in.failed', userId: person?.id }));
    this.metrics.login('password', 'wrong');
    throw new DomainError('CREDENTIALS_WRONG');
  }

  private open({ id: userId }: Person, device: Device): Promise<string> {
    return this.transaction.run(async (em) => {
      await this.sessions.removeUnusedSince(em, userId, this.clock.after(-DEVICE_MEMORY_SECONDS));
      const { session, token } = await this.opening.open(em, userId, device);
      await this.audit.record(em, { action: 'sign-in.succeeded', userId, sessionId: session.id });
      return token;
    });
  }
}

const refusals: Readonly<Record<string, LoginOutcome>> = { RATE_LIMITED: 'throttled', BUSY: 'busy' };
