import { rows } from '@conclave/persistence';
import { Clock, Ids, type EmailAddress } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { dropExpired } from '../credentials/drop-expired.js';
import { TokenDigest } from '../credentials/token-digest.js';
import { newMailedCode } from './mailed-code.js';

/** Code and link count so long. */
export const signUpSeconds = 60 * 60;

/** Tries at one code. */
export const mostCodeTries = 5;

/** Somebody who wants an account, and whose address is not proven yet. */
export interface PendingSignUp {
  readonly id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly language: string;
  readonly codeDigest: Buffer;
  readonly browserDigest: Buffer;
  readonly tries: number;
}

/** What is told once: the code and the link's token in the message, and what the browser holds. */
export interface SignUpSecrets {
  readonly code: string;
  readonly linkToken: string;
  readonly browserToken: string;
}

const columns = `id, email, email_key as "emailKey", display_name as "displayName", password_hash as "passwordHash", language,
  code_digest as "codeDigest", browser_digest as "browserDigest", tries`;

/** Sign-ups that wait for the proof of their address. Each is by itself: one that a stranger began touches no other. */
@Injectable()
export class PendingSignUps {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Keeps one, and throws away a few whose time is over. */
  async add(
    em: EntityManager,
    facts: { email: EmailAddress; displayName: string; passwordHash: string; language: string },
  ): Promise<SignUpSecrets> {
    const id = this.ids.uuidv7();
    const now = this.clock.now();
    const secrets = {
      code: newMailedCode(),
      linkToken: this.ids.randomToken('cnv_sup_'),
      browserToken: this.ids.randomToken('cnv_sub_'),
    };
    await dropExpired(em, 'sign_up', now);
    await em.execute(
      `insert into sign_up (id, email, email_key, display_name, password_hash, language, code_digest, link_digest,
         browser_digest, tries, expires_at, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
      [
        id,
        facts.email.address,
        facts.email.key,
        facts.displayName,
        facts.passwordHash,
        facts.language,
        this.codeDigest(id, secrets.code),
        this.digest.of(secrets.linkToken),
        this.digest.of(secrets.browserToken),
        this.clock.after(signUpSeconds),
        now,
        now,
      ],
    );
    return secrets;
  }

  /** The one that this browser began. */
  async ofBrowser(em: EntityManager, token: string): Promise<PendingSignUp | undefined> {
    return this.find(em, 'browser_digest', token);
  }

  /** The one that this link proves. */
  async ofLink(em: EntityManager, token: string): Promise<PendingSignUp | undefined> {
    return this.find(em, 'link_digest', token);
  }

  /** Counts a try at its code or password, in one step; undefined where none is left. */
  async countTry(em: EntityManager, id: string): Promise<number | undefined> {
    const [counted] = await rows<{ tries: number }>(
      em,
      'update sign_up set tries = tries + 1, updated_at = ? where id = ? and tries < ? and expires_at > ? returning tries',
      [this.clock.now(), id, mostCodeTries, this.clock.now()],
    );
    return counted?.tries;
  }

  /** Whether a code is the one that was mailed, in constant time. */
  isCode({ id, codeDigest }: PendingSignUp, code: string): boolean {
    return this.digest.matches(codeText(id, code), codeDigest);
  }

  /** Whether the browser is the one that began it. */
  isBrowser({ browserDigest }: PendingSignUp, token: string): boolean {
    return this.digest.matches(token, browserDigest);
  }

  /** Takes it out, once: of many at one moment one gets true. */
  async use(em: EntityManager, id: string): Promise<boolean> {
    const used = await rows<object>(em, 'delete from sign_up where id = ? and expires_at > ? returning id', [
      id,
      this.clock.now(),
    ]);
    return used.length > 0;
  }

  private codeDigest(id: string, code: string): Buffer {
    return this.digest.of(codeText(id, code));
  }

  private async find(em: EntityManager, column: string, token: string): Promise<PendingSignUp | undefined> {
    const [found] = await rows<PendingSignUp>(
      em,
      `select ${columns} from sign_up where ${column} = ? and expires_at > ?`,
      [this.digest.of(token), this.clock.now()],
    );
    return found;
  }
}

/** A code is digested with whose it is: equal codes look different, and one does not count for another. */
const codeText = (id: string, code: string): string => `sign-up-code ${id} ${code}`;
