import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { configToken, type Config } from '../config.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { chooseNewPassword } from '../credentials/password.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { AccountNews } from '../people/account-news.js';
import { lockPerson } from '../people/lock-person.js';
import { PersonalTokenIssue } from '../personal-tokens/personal-token-issue.js';
import { VerifyPersonalToken } from '../personal-tokens/verify-personal-token.js';
import { EveryCredential } from '../sessions/every-credential.js';
import { RecoveryTokens } from './recovery-tokens.js';

/** The notice that a password was changed is worth sending so long. */
const noticeSeconds = 24 * 60 * 60;

/**
 * Sets a new password for whoever opened the mailed link. Whoever was in the account before is out: every session ends, no browser is
 * known any more, and the personal token dies unless it was given as proof. It signs nobody in, so that other factors are still asked for.
 */
@Injectable()
export class FinishRecovery {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: RecoveryTokens,
    private readonly verify: VerifyPersonalToken,
    private readonly hasher: PasswordHasher,
    private readonly everything: EveryCredential,
    private readonly personalTokens: PersonalTokenIssue,
    private readonly mail: MailOutbox,
    private readonly news: AccountNews,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
    @Inject(configToken) private readonly config: Pick<Config, 'RECOVERY_ASKS_PROOF'>,
  ) {}

  /** @throws DomainError MAIL_PROOF_OVER, PASSWORD_TOO_SHORT, PASSWORD_TOO_COMMON, PERSONAL_TOKEN_REQUIRED, PERSONAL_TOKEN_WRONG, BUSY */
  async execute({
    token,
    password: typed,
    personalToken,
  }: auth.FinishRecoveryRequest): Promise<Answer<typeof auth.RecoveryService.method.finishRecovery>> {
    // What is wrong with the password is said before the link is looked at, and uses nothing up.
    const password = chooseNewPassword(typed);
    const userId = await this.transaction.run((em) => this.tokens.find(em, token));
    if (userId === undefined) throw new DomainError('MAIL_PROOF_OVER');
    const keepsToken = await this.provesToken(userId, personalToken);
    const hash = await this.hasher.hash(password, { person: userId, network: '', known: true });
    await this.transaction.run(async (em) => {
      const person = await lockPerson(em, userId);
      if (!person || !(await this.tokens.use(em, userId, token))) throw new DomainError('MAIL_PROOF_OVER');
      const now = this.clock.now();
      const credential = await em.findOne(PasswordCredential, { userId }, { refresh: true });
      if (credential) credential.replace(hash, now);
      else em.persist(PasswordCredential.create({ userId, hash, now }));
      await this.everything.end(em, userId);
      if (!keepsToken) await this.personalTokens.revoke(em, userId);
      if (person.proveAddress('mail', now)) this.news.changed(em, userId);
      const to = { address: person.email, language: person.language ?? '' };
      await this.mail.add(em, 'password-changed', to, {}, this.clock.after(noticeSeconds));
      await this.audit.record(em, { action: 'password.recovered', userId });
    });
    return {};
  }

  private async provesToken(userId: string, personalToken: string): Promise<boolean> {
    if (personalToken !== '') {
      await this.verify.require(userId, personalToken);
      return true;
    }
    if (this.config.RECOVERY_ASKS_PROOF) throw new DomainError('PERSONAL_TOKEN_REQUIRED');
    return false;
  }
}
