import { afterCommit, Alarm } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { linksOf, writeLetter, type Facts, type LetterKind } from '../letters/write-letter.js';
import { readLanguage } from '../letters/language.js';
import { addMail } from './mail-rows.js';
import { MailSeal } from './mail-seal.js';
import { Mailer } from '../letters/mailer.js';

/** Whom a message is for, and in which language they read. */
export interface Recipient {
  readonly address: string;
  /** A language, or what a browser says it reads. */
  readonly language: string;
  /** The same work, and nobody gets it: for addresses without an account. */
  readonly nobody?: boolean;
}

/** Where use cases hand in what is to be mailed; it leaves after their transaction, and not without it. */
@Injectable()
export class MailOutbox {
  /** Rings when there is something to send. */
  readonly alarm = new Alarm();
  private readonly publicUrl: string;

  constructor(
    private readonly mailer: Mailer,
    private readonly seal: MailSeal,
    private readonly clock: Clock,
    private readonly ids: Ids,
    @Inject(configToken) { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>,
  ) {
    this.publicUrl = PUBLIC_URL;
  }

  /** Whether anything that is handed in leaves. */
  get works(): boolean {
    return this.mailer.works;
  }

  /** Writes the message in the transaction of `em`; after `expiresAt` it is not worth sending. */
  async add<K extends LetterKind>(
    em: EntityManager,
    kind: K,
    { address, language, nobody = false }: Recipient,
    facts: Facts[K],
    expiresAt: Date,
  ): Promise<void> {
    const [id, reads] = [this.ids.uuidv7(), readLanguage(language)];
    const letter = writeLetter(kind, reads, facts, linksOf(this.publicUrl));
    const sealed = this.seal.seal({ id, to: address, language: reads, ...letter });
    afterCommit(em, () => this.alarm.ring());
    await addMail(em, { id, kind, sealed, forNobody: nobody, now: this.clock.now(), expiresAt });
  }
}
