import { Clock, Ids } from '@conclave/platform';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CredentialRevocation } from '../credentials/credential-revocation.js';
import { TokenDigest } from '../credentials/token-digest.js';
import { PersonalToken } from './personal-token.js';
import { readPersonalToken, writePersonalToken } from './token-text.js';

/** Makes personal tokens. The text goes to the person once; only its digest stays. */
@Injectable()
export class PersonalTokenIssue {
  constructor(
    private readonly digest: TokenDigest,
    private readonly revocation: CredentialRevocation,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The token of a new person, within the transaction of `em`. */
  first(em: EntityManager, userId: string): string {
    const { text, digest } = this.make();
    em.persist(PersonalToken.create({ userId, id: this.ids.uuidv7(), digest, now: this.clock.now() }));
    return text;
  }

  /** A new token in the place of the old one, whose end is announced, within the transaction of `em`. */
  async again(em: EntityManager, userId: string): Promise<string> {
    const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const token = await em.findOne(PersonalToken, { userId }, locked);
    if (!token) return this.first(em, userId);
    const { text, digest } = this.make();
    await this.revocation.announce(em, userId, [token.id]);
    token.replace(this.ids.uuidv7(), digest, this.clock.now());
    return text;
  }

  /** The token dies, and its end is announced; the person makes another one when they want it. */
  async revoke(em: EntityManager, userId: string): Promise<void> {
    const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const token = await em.findOne(PersonalToken, { userId }, locked);
    if (!token) return;
    await this.revocation.announce(em, userId, [token.id]);
    em.remove(token);
  }

  private make(): { text: string; digest: Buffer } {
    const text = writePersonalToken(this.ids.bytes(32));
    const plain = readPersonalToken(text);
    if (plain === undefined) throw new Error('a personal token that was just made does not read back');
    return { text, digest: this.digest.of(plain) };
  }
}
