import type { auth } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { TokenDigest } from '../credentials/token-digest.js';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import { Person } from '../people/person.js';
import { PrincipalTokens } from '../signing-keys/principal-tokens.js';
import { PersonalToken } from './personal-token.js';
import { readPersonalToken } from './token-text.js';

/** Turns the bearer token of an API client into a principal token. The database is asked each time: a replaced token is dead at once. */
@Injectable()
export class ResolvePersonalToken {
  constructor(
    private readonly transaction: Transaction,
    private readonly digest: TokenDigest,
    private readonly principals: PrincipalTokens,
    private readonly metrics: AuthMetrics,
  ) {}

  /** @throws DomainError UNAUTHENTICATED */
  async execute({
    personalToken,
  }: auth.ResolvePersonalTokenRequest): Promise<Answer<typeof auth.SessionsService.method.resolvePersonalToken>> {
    const held = await this.find(personalToken).catch((error: unknown) => {
      this.metrics.login('personal_token', 'error');
      throw error;
    });
    this.metrics.login('personal_token', held ? 'ok' : 'wrong');
    if (!held) throw new DomainError('UNAUTHENTICATED');
    // No session id: there is no session to end, the token itself is what is taken back.
    const { credentialId } = held;
    const { id: userId, displayName, email, emailVerifiedBy } = held.person;
    const vouched = { userId, credentialId, displayName, email, emailVerifiedBy: emailVerifiedBy ?? null };
    return { principalToken: await this.principals.mint(vouched), userId, credentialId };
  }

  private async find(personalToken: string): Promise<{ credentialId: string; person: Person } | null> {
    const token = readPersonalToken(personalToken);
    if (!token) return null;
    return this.transaction.run(async (em) => {
      const stored = await em.findOne(PersonalToken, { digest: this.digest.of(token) }, { refresh: true });
      if (!stored || !this.digest.matches(token, stored.digest)) return null;
      const person = await em.findOne(Person, { id: stored.userId }, { refresh: true });
      return person && { credentialId: stored.id, person };
    });
  }
}
