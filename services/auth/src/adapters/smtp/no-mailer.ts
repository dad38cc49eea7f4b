import { Mailer, MailRefused } from '../../letters/mailer.js';

/** Where no mail server is configured. */
export class NoMailer extends Mailer {
  override readonly works = false;

  override send(): Promise<void> {
    return Promise.reject(new MailRefused('NO_SERVER', false));
  }

  override close(): void {
    // Nothing was opened.
  }
}
