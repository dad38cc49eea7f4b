import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Config } from '../../config.js';
import { type Mail, Mailer, MailRefused } from '../../letters/mailer.js';

/** What it needs to know. */
export type SmtpConfig = Pick<
  Config,
  'MAIL_FROM' | 'PUBLIC_URL' | 'SMTP_CA_FILE' | 'SMTP_PASSWORD' | 'SMTP_TLS' | 'SMTP_URL' | 'SMTP_USER'
>;

/** A server that is slower than this is tried again later. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 } as const;
const connections = 4;

/** Sends by SMTP, over connections that stay open. */
export class SmtpMailer extends Mailer {
  override readonly works = true;
  private readonly transport;
  private readonly from;
  private readonly host;

  constructor(config: SmtpConfig & { readonly SMTP_URL: string }) {
    super();
    const { protocol, hostname, port } = new URL(config.SMTP_URL);
    const secure = protocol === 'smtps:';
    const { SMTP_USER: user, SMTP_PASSWORD: pass, SMTP_CA_FILE: ca } = config;
    this.host = new URL(config.PUBLIC_URL).hostname;
    this.from = { name: 'Conclave', address: config.MAIL_FROM ?? `no-reply@${this.host}` };
    this.transport = createTransport({
      pool: true,
      maxConnections: connections,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (secure ? 465 : 587),
      secure,
      // Without TLS only where the operator has said so: a password and a code must not be read on the way.
      requireTLS: !secure && config.SMTP_TLS === 'required',
      ignoreTLS: !secure && config.SMTP_TLS === 'off',
      ...(user !== undefined && pass !== undefined && { auth: { user, pass } }),
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca: readFileSync(ca) }) },
      // A letter is text of ours: nothing is ever fetched or read from a file for it.
      disableFileAccess: true,
      disableUrlAccess: true,
      ...timeouts,
    });
  }

  override async send({ id, to, subject, text, html, language }: Mail): Promise<void> {
    try {
      await this.transport.sendMail({
        from: this.from,
        // As an object: what stands in an address is never read as a list of several.
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${this.host}>`,
        headers: {
          'Auto-Submitted': 'auto-generated',
          'Content-Language': language,
          'X-Auto-Response-Suppress': 'All',
        },
      });
    } catch (error) {
      throw refusalOf(error as SmtpError);
    }
  }

  override close(): void {
    this.transport.close();
  }
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** Only codes: what servers answer quotes addresses. A refusal of address or message (5xx) stays one; TLS or a password may be put right. */
function refusalOf({ code, command, responseCode }: SmtpError): MailRefused {
  const words = [code ?? 'FAILED', responseCode, command].filter((word) => word !== undefined).join(':');
  const permanent = (responseCode ?? 0) >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return new MailRefused(words.replaceAll(' ', '_'), permanent);
}
