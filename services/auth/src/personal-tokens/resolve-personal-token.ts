import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';
import { PrincipalTokens } from '../signing-keys/principal-tokens.js';
import { PersonalTokens } from './personal-tokens.js';
import { readPersonalToken } from './token-text.js';

/** Who a personal token stands for. */
export interface ResolvedPersonalToken {
  readonly principalToken: string;
  readonly userId: string;
}

/** Turns the bearer token of an API client into a principal token. The database is asked each time: a replaced token is dead at once. */
@Injectable()
export class ResolvePersonalToken {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: PersonalTokens,
    private readonly people: People,
    private readonly digest: TokenDigest,
    private readonly principals: PrincipalTokens,
    private readonly metrics: AuthMetrics,
  ) {}

  /** @throws DomainError UNAUTHENTICATED */
  async execute(personalToken: string): Promise<ResolvedPersonalToken> {
    const person = await this.holderOf(personalToken).catch((error: unknown) => {
      this.metrics.login('personal_token', 'error');
      throw error;
    });
    this.metrics.login('personal_token', person ? 'ok' : 'wrong');
    if (!person) throw new DomainError('UNAUTHENTICATED');
    // No session id: there is no session to end, the token itself is what is taken back.
    const { id: userId, displayName, email, emailVerified } = person;
    return { principalToken: await this.principals.mint({ userId, displayName, email, emailVerified }), userId };
  }

  private async holderOf(personalToken: string): Promise<Person | null> {
    const token = readPersonalToken(personalToken);
    if (!token) return null;
    return this.transaction.run(async (em) => {
      const stored = await this.tokens.byDigest(em, this.digest.of(token));
      return stored && this.digest.matches(token, stored.digest) ? this.people.byId(em, stored.userId) : null;
    });
  }
}
