import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids, networkOf, readEmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { readPassword } from '../credentials/password.js';
import { readDevice, type Device } from '../device/device.js';
import { readDisplayName } from '../people/display-name.js';
import { Person } from '../people/person.js';
import { AccountOpening, type OpenedAccount } from './account-opening.js';
import { readMailedCode } from './mailed-code.js';
import { mostCodeTries, PendingSignUps, type PendingSignUp } from './pending-sign-ups.js';

/**
 * Makes the account whose address was proven. The code counts only in the browser that signed up. The link counts there, and elsewhere
 * with the password that was chosen: else somebody could sign up with a stranger's address and a password of their own, and wait for
 * the stranger to open the link.
 */
@Injectable()
export class ConfirmSignUp {
  constructor(
    private readonly transaction: Transaction,
    private readonly pending: PendingSignUps,
    private readonly hasher: PasswordHasher,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly opening: AccountOpening,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws DomainError MAIL_CODE_WRONG, MAIL_PROOF_OVER, CREDENTIALS_WRONG (the password is needed), EMAIL_TAKEN, RATE_LIMITED, BUSY */
  async execute(request: auth.ConfirmSignUpRequest): Promise<Answer<typeof auth.AccountsService.method.confirmSignUp>> {
    const device = readDevice(request);
    const proven = request.token === '' ? await this.byCode(request) : await this.byLink(request, device);
    const opened = await this.open(proven, device, request.formerSessionToken);
    await this.check.giveBack(this.limits.forMail(proven.emailKey, device));
    return opened;
  }

  private async byCode({ signUpToken, code }: auth.ConfirmSignUpRequest): Promise<PendingSignUp> {
    const found = await this.transaction.run((em) => this.pending.ofBrowser(em, signUpToken));
    if (!found) throw new DomainError('MAIL_PROOF_OVER');
    const typed = readMailedCode(code);
    let tries = 0;
    const right = await this.check.run(this.limits.forMailedCode(found.emailKey), async () => {
      tries = await this.countTry(found);
      return this.pending.isCode(found, typed);
    });
    if (right) return found;
    throw new DomainError('MAIL_CODE_WRONG', { details: { attemptsLeft: String(mostCodeTries - tries) } });
  }

  private async byLink(request: auth.ConfirmSignUpRequest, { address }: Device): Promise<PendingSignUp> {
    const { token, signUpToken, password } = request;
    const found = await this.transaction.run((em) => this.pending.ofLink(em, token));
    if (!found) throw new DomainError('MAIL_PROOF_OVER');
    if (this.pending.isBrowser(found, signUpToken)) return found;
    if (password === '') throw new DomainError('CREDENTIALS_WRONG');
    const typed = readPassword(password);
    await this.countTry(found);
    const turn = { person: found.id, network: networkOf(address), known: false };
    if (!(await this.hasher.verify(typed, found.passwordHash, turn))) throw new DomainError('CREDENTIALS_WRONG');
    return found;
  }

  /** A try is counted before the secret is looked at, in a transaction of its own: a refusal does not undo it. */
  private async countTry({ id }: PendingSignUp): Promise<number> {
    const tries = await this.transaction.run((em) => this.pending.countTry(em, id));
    if (tries === undefined) throw new DomainError('MAIL_PROOF_OVER');
    return tries;
  }

  private open(found: PendingSignUp, device: Device, former: string): Promise<OpenedAccount> {
    const now = this.clock.now();
    const person = Person.create({
      id: this.ids.uuidv7(),
      email: readEmailAddress(found.email),
      displayName: readDisplayName(found.displayName),
      language: found.language,
      now,
    });
    person.proveAddress('mail', now);
    return this.transaction.run(async (em) => {
      if (!(await this.pending.use(em, found.id))) throw new DomainError('MAIL_PROOF_OVER');
      const opened = await this.opening.open(em, person, found.passwordHash, device, former);
      if (!opened) throw new DomainError('EMAIL_TAKEN', { details: { field: 'email' } });
      return opened;
    });
  }
}
