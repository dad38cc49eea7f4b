import { rows } from '@conclave/persistence';
import { Clock, Ids, type EmailAddress } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { newMailedCode } from '../accounts/mailed-code.js';
import { TokenDigest } from '../credentials/token-digest.js';

/** Code and link count so long. */
export const changeSeconds = 60 * 60;

/** Tries at one code. */
export const mostCodeTries = 5;

/** An address that somebody wants for their account. */
export interface AddressChange {
  readonly id: string;
  readonly email: string;
  readonly codeDigest: Buffer;
}

/** Changes that wait for the proof of the new address; one an account, the newest. */
@Injectable()
export class AddressChanges {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Keeps one in the place of the one before. */
  async put(em: EntityManager, userId: string, email: EmailAddress): Promise<{ code: string; token: string }> {
    const [id, now] = [this.ids.uuidv7(), this.clock.now()];
    const secrets = { code: newMailedCode(), token: this.ids.randomToken('cnv_adr_') };
    await em.execute('delete from address_change where user_id = ?', [userId]);
    await em.execute(
      `insert into address_change (id, user_id, email, code_digest, link_digest, tries, expires_at, created_at, updated_at)
       values (?, ?, ?, ?, ?, 0, ?, ?, ?)`,
      [
        id,
        userId,
        email.address,
        this.digest.of(codeText(id, secrets.code)),
        this.digest.of(secrets.token),
        this.clock.after(changeSeconds),
        now,
        now,
      ],
    );
    return secrets;
  }

  /** The one of this account that a link proves. */
  async ofLink(em: EntityManager, userId: string, token: string): Promise<AddressChange | undefined> {
    const [found] = await rows<AddressChange>(
      em,
      `select id, email, code_digest as "codeDigest" from address_change
        where user_id = ? and link_digest = ? and expires_at > ?`,
      [userId, this.digest.of(token), this.clock.now()],
    );
    return found;
  }

  /** The one of this account, and a try at its code counted in the same step; undefined where none is left. */
  async tryCode(em: EntityManager, userId: string): Promise<(AddressChange & { tries: number }) | undefined> {
    const [found] = await rows<AddressChange & { tries: number }>(
      em,
      `update address_change set tries = tries + 1, updated_at = ? where user_id = ? and tries < ? and expires_at > ?
       returning id, email, code_digest as "codeDigest", tries`,
      [this.clock.now(), userId, mostCodeTries, this.clock.now()],
    );
    return found;
  }

  /** Whether a code is the one that was mailed, in constant time. */
  isCode({ id, codeDigest }: AddressChange, code: string): boolean {
    return this.digest.matches(codeText(id, code), codeDigest);
  }

  /** Takes it out, once: of many at one moment one gets true. */
  async use(em: EntityManager, id: string): Promise<boolean> {
    const used = await rows<object>(em, 'delete from address_change where id = ? and expires_at > ? returning id', [
      id,
      this.clock.now(),
    ]);
    return used.length > 0;
  }
}

const codeText = (id: string, code: string): string => `address-code ${id} ${code}`;
