import { accountMessage } from '../people/account-message.js';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuthAudit } from '../audit/auth-audit.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import type { Device } from '../device/device.js';
import { findTaken, lockAddress } from '../people/address-taken.js';
import { insertPerson } from '../people/insert-person.js';
import type { Person } from '../people/person.js';
import { PersonalTokenIssue } from '../personal-tokens/personal-token-issue.js';
import { SessionOpening } from '../sessions/session-opening.js';

/** A new account and its secrets, which are kept nowhere else. */
export interface OpenedAccount {
  readonly account: ReturnType<typeof accountMessage>;
  readonly personalToken: string;
  readonly sessionToken: string;
  readonly deviceToken: string;
}

/** Makes an account with its password, its personal token and a first session. */
@Injectable()
export class AccountOpening {
  constructor(
    private readonly tokens: PersonalTokenIssue,
    private readonly opening: SessionOpening,
    private readonly audit: AuthAudit,
  ) {}

  /**
   * Within the transaction of `em`, all or nothing; undefined when the address is taken. Only the database can say so, for two people
   * may sign up at one moment, and it says so without an error: what it refuses, it writes into its log.
   */
  async open(
    em: EntityManager,
    person: Person,
    hash: string,
    device: Device,
    former: string,
  ): Promise<OpenedAccount | undefined> {
    const { id: userId, createdAt: now } = person;
    await lockAddress(em, person.emailKey);
    if (await findTaken(em, person.emailKey, null, now)) return undefined;
    if (!(await insertPerson(em, person))) return undefined;
    em.persist(PasswordCredential.create({ userId, hash, now }));
    const personalToken = this.tokens.first(em, userId);
    const { session, token: sessionToken, deviceToken } = await this.opening.open(em, userId, device, former);
    await this.audit.record(em, { action: 'sign-up', userId, sessionId: session.id });
    if (person.emailVerifiedBy)
      await this.audit.record(em, { action: 'address.proven', userId, detail: { by: person.emailVerifiedBy } });
    return { account: accountMessage(person), personalToken, sessionToken, deviceToken };
  }
}
