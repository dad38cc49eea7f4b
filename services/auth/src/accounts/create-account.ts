import { DomainError } from '@conclave/errors';
import { isUniqueViolation, Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { Allowances } from '../credentials/allowances.js';
import { chooseNewPassword } from '../credentials/password.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { ThrottledCheck } from '../credentials/throttled-check.js';
import { readDisplayName } from '../people/display-name.js';
import { readEmailAddress } from '../people/email-address.js';
import { Person } from '../people/person.js';
import { readDevice, type Device } from '../sessions/device.js';
import { type CreatedAccount, NewAccounts } from './new-accounts.js';

/** What a person types at sign-up, and where. */
export interface CreateAccountCommand {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly userAgent: string;
  readonly clientAddress: string;
}

/** Signs a person up: account, password, personal token and first session, all or nothing. */
@Injectable()
export class CreateAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly accounts: NewAccounts,
    private readonly hasher: PasswordHasher,
    private readonly check: ThrottledCheck,
    private readonly allowances: Allowances,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws DomainError EMAIL_TAKEN, PASSWORD_TOO_SHORT, PASSWORD_TOO_COMMON, INVALID_ARGUMENT, RATE_LIMITED, BUSY */
  async execute(command: CreateAccountCommand): Promise<CreatedAccount> {
    const email = readEmailAddress(command.email);
    const displayName = readDisplayName(command.displayName);
    const password = chooseNewPassword(command.password);
    const device = readDevice(command);
    const now = this.clock.now();
    const person = Person.create({ id: this.ids.uuidv7(), email, displayName, now });

    let created: CreatedAccount | undefined;
    // Whether the address is taken is a secret that can be guessed at, so guesses are counted like those at a password.
    const free = await this.check.run(this.allowances.forSignUp(device), async () => {
      // The hash comes first: a taken address costs as much as a free one.
      const hash = await this.hasher.hash(password);
      created = await this.save(person, hash, device);
      return created !== undefined;
    });
    if (!free || !created) throw new DomainError('EMAIL_TAKEN', { details: { field: 'email' } });
    return created;
  }

  /** Undefined when the address is taken: only the database can say so, two people may sign up at one moment. */
  private async save(person: Person, hash: string, device: Device): Promise<CreatedAccount | undefined> {
    try {
      return await this.transaction.run((em) => this.accounts.add(em, person, hash, device));
    } catch (error) {
      if (isUniqueViolation(error, 'user_email_key_unique')) return undefined;
      throw error;
    }
  }
}
