import { hkdfSync } from 'node:crypto';
import { openBox, sealBox } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import type { Mail } from '../letters/mailer.js';

/** How a message lies while it waits: links and codes in it open accounts, and a dump of the database must open nothing. */
@Injectable()
export class MailSeal {
  private readonly key: Buffer;

  constructor(@Inject(configToken) { TOKEN_PEPPER }: Pick<Config, 'TOKEN_PEPPER'>) {
    this.key = Buffer.from(hkdfSync('sha256', TOKEN_PEPPER, '', 'conclave mail', 32));
  }

  seal({ id, ...rest }: Mail): Buffer {
    return sealBox({ key: this.key, bound: Buffer.from(id) }, Buffer.from(JSON.stringify(rest)));
  }

  /** @throws Error where anything of it was changed, or the pepper is another one */
  open(id: string, sealed: Uint8Array): Mail {
    const text = openBox({ key: this.key, bound: Buffer.from(id) }, sealed).toString('utf8');
    return { ...(JSON.parse(text) as Omit<Mail, 'id'>), id };
  }
}
