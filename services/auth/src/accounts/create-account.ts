import { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { networkOf, Clock, Ids, readEmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { chooseNewPassword } from '../credentials/password.js';
import { readDevice } from '../device/device.js';
import { readLanguage } from '../letters/language.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { readDisplayName } from '../people/display-name.js';
import { Person } from '../people/person.js';
import { AccountOpening, type OpenedAccount } from './account-opening.js';
import { StartSignUp, type SignUpWish } from './start-sign-up.js';

type CreatedAccount = Answer<typeof auth.AccountsService.method.createAccount>;

/** Signs a person up: where mail goes out by a message to the address, else at once. */
@Injectable()
export class CreateAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly mail: MailOutbox,
    private readonly startSignUp: StartSignUp,
    private readonly hasher: PasswordHasher,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly opening: AccountOpening,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @throws DomainError EMAIL_TAKEN (never where mail goes out), PASSWORD_TOO_SHORT, PASSWORD_TOO_COMMON, INVALID_ARGUMENT, RATE_LIMITED, BUSY */
  async execute(request: auth.CreateAccountRequest): Promise<CreatedAccount> {
    const wish = {
      email: readEmailAddress(request.email),
      displayName: readDisplayName(request.displayName),
      password: chooseNewPassword(request.password),
      device: readDevice(request),
      language: request.language,
    };
    if (this.mail.works)
      return { status: auth.SignUpStatus.CHECK_MAIL, signUpToken: await this.startSignUp.execute(wish) };
    return { status: auth.SignUpStatus.SIGNED_UP, ...(await this.atOnce(wish, request.formerSessionToken)) };
  }

  private async atOnce(wish: SignUpWish, former: string): Promise<OpenedAccount> {
    const { password, device } = wish;
    const language = readLanguage(wish.language);
    const person = Person.create({ ...wish, language, id: this.ids.uuidv7(), now: this.clock.now() });
    let opened: OpenedAccount | undefined;
    // Whether the address is taken is a secret that can be guessed at, so guesses are counted like those at a password.
    const free = await this.check.run(this.limits.forSignUp(device), async () => {
      // The hash comes first: a taken address costs as much as a free one.
      const hash = await this.hasher.hash(password, { person: '', network: networkOf(device.address), known: false });
      opened = await this.transaction.run((em) => this.opening.open(em, person, hash, device, former));
      return opened !== undefined;
    });
    if (!free || !opened) throw new DomainError('EMAIL_TAKEN', { details: { field: 'email' } });
    return opened;
  }
}
