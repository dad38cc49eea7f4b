import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import type { Mail } from '../letters/mailer.js';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** How a message lies while it waits: links and codes in it open accounts, and a dump of the database must open nothing. AES-256-GCM. */
@Injectable()
export class MailSeal {
  private readonly key: Buffer;

  constructor(@Inject(configToken) { TOKEN_PEPPER }: Pick<Config, 'TOKEN_PEPPER'>) {
    this.key = Buffer.from(hkdfSync('sha256', TOKEN_PEPPER, '', 'conclave mail', 32));
  }

  seal({ id, ...rest }: Mail): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    cipher.setAAD(Buffer.from(id));
    return Buffer.concat([
      Buffer.of(version),
      nonce,
      cipher.update(JSON.stringify(rest)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** @throws Error where anything of it was changed, or the pepper is another one */
  open(id: string, sealed: Uint8Array): Mail {
    if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) throw new Error('not a sealed message');
    const nonce = sealed.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(id));
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes);
    const text = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    return { ...(JSON.parse(text) as Omit<Mail, 'id'>), id };
  }
}
