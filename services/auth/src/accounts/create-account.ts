import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { networkOf, Clock, Ids, readEmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { chooseNewPassword } from '../credentials/password.js';
import { readDevice, type Device } from '../device/device.js';
import { accountMessage } from '../people/account-message.js';
import { readDisplayName } from '../people/display-name.js';
import { insertPerson } from '../people/insert-person.js';
import { Person } from '../people/person.js';
import { PersonalTokenIssue } from '../personal-tokens/personal-token-issue.js';
import { SessionOpening } from '../sessions/session-opening.js';

/** The account and its two secrets, which are kept nowhere else. */
type CreatedAccount = Answer<typeof auth.AccountsService.method.createAccount>;

/** Signs a person up: account, password, personal token and first session, all or nothing. */
@Injectable()
export class CreateAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly hasher: PasswordHasher,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly tokens: PersonalTokenIssue,
    private readonly opening: SessionOpening,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws DomainError EMAIL_TAKEN, PASSWORD_TOO_SHORT, PASSWORD_TOO_COMMON, INVALID_ARGUMENT, RATE_LIMITED, BUSY */
  async execute(request: auth.CreateAccountRequest): Promise<CreatedAccount> {
    const email = readEmailAddress(request.email);
    const displayName = readDisplayName(request.displayName);
    const password = chooseNewPassword(request.password);
    const device = readDevice(request);
    const person = Person.create({ id: this.ids.uuidv7(), email, displayName, now: this.clock.now() });

    let created: CreatedAccount | undefined;
    // Whether the address is taken is a secret that can be guessed at, so guesses are counted like those at a password.
    const free = await this.check.run(this.limits.forSignUp(device), async () => {
      // The hash comes first: a taken address costs as much as a free one.
      const hash = await this.hasher.hash(password, { person: '', network: networkOf(device.address), known: false });
      created = await this.save(person, hash, device, request.formerSessionToken);
      return created !== undefined;
    });
    if (!free || !created) throw new DomainError('EMAIL_TAKEN', { details: { field: 'email' } });
    return created;
  }

  /**
   * Undefined when the address is taken. Only the database can say so, for two people may sign up at one moment, and it says so without
   * an error: what it refuses, it writes into its log.
   */
  private save(person: Person, hash: string, device: Device, former: string): Promise<CreatedAccount | undefined> {
    return this.transaction.run(async (em) => {
      const { id: userId, createdAt: now } = person;
      if (!(await insertPerson(em, person))) return undefined;
      em.persist(PasswordCredential.create({ userId, hash, now }));
      const personalToken = this.tokens.first(em, userId);
      const opened = await this.opening.open(em, userId, device, former);
      const { session, token: sessionToken, deviceToken } = opened;
      await this.audit.record(em, { action: 'sign-up', userId, sessionId: session.id });
      return { account: accountMessage(person), personalToken, sessionToken, deviceToken };
    });
  }
}
