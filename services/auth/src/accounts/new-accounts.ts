import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { PasswordCredentials } from '../credentials/password-credentials.js';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';
import { PersonalTokenIssue } from '../personal-tokens/personal-token-issue.js';
import type { Device } from '../sessions/device.js';
import { SessionOpening } from '../sessions/session-opening.js';

/** A new account and its two secrets, which are kept nowhere else. */
export interface CreatedAccount {
  readonly person: Person;
  readonly personalToken: string;
  readonly sessionToken: string;
}

/** All that belongs to a new account. */
@Injectable()
export class NewAccounts {
  constructor(
    private readonly people: People,
    private readonly credentials: PasswordCredentials,
    private readonly tokens: PersonalTokenIssue,
    private readonly opening: SessionOpening,
    private readonly audit: AuthAudit,
  ) {}

  /** Adds person, password, personal token and first session within the transaction of `em`: all or nothing. */
  async add(em: EntityManager, person: Person, hash: string, device: Device): Promise<CreatedAccount> {
    const { id: userId, createdAt: now } = person;
    this.people.add(em, person);
    this.credentials.add(em, PasswordCredential.create({ userId, hash, now }));
    const personalToken = this.tokens.first(em, userId);
    const { session, token } = await this.opening.open(em, userId, device);
    await this.audit.record(em, { action: 'sign-up', userId, sessionId: session.id });
    return { person, personalToken, sessionToken: token };
  }
}
