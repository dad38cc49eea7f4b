import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, readEmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { readDevice } from '../device/device.js';
import { MailOutbox } from '../mail/mail-outbox.js';
import { Person } from '../people/person.js';
import { KnownDevices } from '../sessions/known-devices.js';
import { RecoveryTokens, recoverySeconds } from './recovery-tokens.js';

/** Stands for the account that is not there, so that the same queries run for it. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Mails the way back into an account. Without one the same rows are written and the same letter is sealed, and nobody gets it: answer,
 * work and limits tell nothing.
 */
@Injectable()
export class StartRecovery {
  constructor(
    private readonly transaction: Transaction,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly devices: KnownDevices,
    private readonly tokens: RecoveryTokens,
    private readonly mail: MailOutbox,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError MAIL_OFF, RATE_LIMITED, INVALID_ARGUMENT */
  async execute(request: auth.StartRecoveryRequest): Promise<Answer<typeof auth.RecoveryService.method.startRecovery>> {
    if (!this.mail.works) throw new DomainError('MAIL_OFF');
    const email = readEmailAddress(request.email);
    const device = readDevice({ ...request, userAgent: '' });
    const { person, known } = await this.transaction.run(async (em) => {
      const found = await em.findOne(Person, { emailKey: email.key }, { refresh: true });
      return { person: found, known: await this.devices.knows(em, found?.id ?? nobody, device.token) };
    });
    await this.check.take(this.limits.forMail(email.key, device, known), () =>
      this.transaction.run(async (em) => {
        const token = await this.tokens.add(em, person?.id);
        const to = {
          address: person?.email ?? email.address,
          language: person?.language ?? request.language,
          nobody: person === null,
        };
        await this.mail.add(em, 'recovery', to, { token }, this.clock.after(recoverySeconds));
        await this.audit.record(em, { action: 'password.recovery-started', userId: person?.id });
      }),
    );
    return {};
  }
}
