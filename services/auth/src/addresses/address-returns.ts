import { rows } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { dropExpired } from '../credentials/drop-expired.js';
import { TokenDigest } from '../credentials/token-digest.js';

/** The way back is open so long, and nobody else gets the address meanwhile. */
export const returnSeconds = 7 * 24 * 60 * 60;

/** An address that an account had before. */
export interface AddressReturn {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  /** When the account moved away from it. */
  readonly createdAt: Date;
}

/** Ways back to the addresses that accounts had. */
@Injectable()
export class AddressReturns {
  constructor(
    private readonly digest: TokenDigest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Opens one, in the transaction that changes the address. */
  async add(em: EntityManager, userId: string, former: { email: string; emailKey: string }): Promise<string> {
    const token = this.ids.randomToken('cnv_adb_');
    const now = this.clock.now();
    await dropExpired(em, 'address_return', now);
    await em.execute(
      `insert into address_return (id, user_id, email, email_key, digest, expires_at, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        this.ids.uuidv7(),
        userId,
        former.email,
        former.emailKey,
        this.digest.of(token),
        this.clock.after(returnSeconds),
        now,
        now,
      ],
    );
    return token;
  }

  /** Whose it is, as long as it counts. */
  async find(em: EntityManager, token: string): Promise<AddressReturn | undefined> {
    const [found] = await rows<AddressReturn>(
      em,
      'select id, user_id as "userId", email, created_at as "createdAt" from address_return where digest = ? and expires_at > ?',
      [this.digest.of(token), this.clock.now()],
    );
    return found;
  }

  /** Uses it up, and closes those that were opened after it: whoever changed the address again has no way back of their own. */
  async use(em: EntityManager, { id, userId }: AddressReturn): Promise<boolean> {
    const used = await rows<object>(em, 'delete from address_return where id = ? and expires_at > ? returning id', [
      id,
      this.clock.now(),
    ]);
    if (used.length === 0) return false;
    await em.execute('delete from address_return where user_id = ? and id > ?', [userId, id]);
    return true;
  }
}
