import { ConfigError } from '@conclave/platform';
import { Module } from '@nestjs/common';
import { NoMailer } from '../adapters/smtp/no-mailer.js';
import { SmtpMailer, type SmtpConfig } from '../adapters/smtp/smtp-mailer.js';
import { configToken } from '../config.js';
import { MailDelivery } from './mail-delivery.js';
import { MailMetrics } from './mail-metrics.js';
import { MailOutbox } from './mail-outbox.js';
import { MailSeal } from './mail-seal.js';
import { Mailer } from '../letters/mailer.js';

/** Mail leaves from here, and from nowhere else. */
@Module({
  providers: [
    MailDelivery,
    MailMetrics,
    MailOutbox,
    MailSeal,
    { provide: Mailer, inject: [configToken], useFactory: mailerOf },
  ],
  exports: [MailOutbox],
})
export class MailModule {}

/** @throws ConfigError where half of what it needs is said */
export function mailerOf(config: SmtpConfig): Mailer {
  const { SMTP_URL, SMTP_USER, SMTP_PASSWORD } = config;
  if ((SMTP_USER === undefined) !== (SMTP_PASSWORD === undefined))
    throw new ConfigError([{ key: 'SMTP_PASSWORD', problem: 'goes with SMTP_USER: give both or none' }]);
  return SMTP_URL === undefined ? new NoMailer() : new SmtpMailer({ ...config, SMTP_URL });
}
