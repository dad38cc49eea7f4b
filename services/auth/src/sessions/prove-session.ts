import { auth, timestampFromDate } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuthAudit } from '../audit/auth-audit.js';
import { CountedCheck } from '../credentials/counted-check.js';
import { GuessLimits } from '../credentials/guess-limits.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { PasswordHasher } from '../credentials/password-hasher.js';
import { readPassword, type Password } from '../credentials/password.js';
import { FactorCodes } from '../factor/factor-codes.js';
import { factorsHeld, stepWords } from '../factor/factors-held.js';
import { freshSeconds } from '../factor/fresh-proof.js';
import { Passkeys, type Assertion } from '../factor/passkeys.js';
import { lockSession } from './session-repository.js';

/** What was given as proof. */
type Given =
  | { readonly by: 'password'; readonly password: Password }
  | { readonly by: auth.SignInStep.PASSKEY; readonly token: string; readonly assertion: Assertion }
  | { readonly by: auth.SignInStep.TOTP | auth.SignInStep.RECOVERY_CODE; readonly code: string };

/** The caller proves themselves again. Whoever has a second factor proves it by that: a password alone may have been seen. */
@Injectable()
export class ProveSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly check: CountedCheck,
    private readonly limits: GuessLimits,
    private readonly hasher: PasswordHasher,
    private readonly codes: FactorCodes,
    private readonly passkeys: Passkeys,
    private readonly audit: AuthAudit,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError CREDENTIALS_WRONG, FACTOR_WRONG, PROOF_REQUIRED for a proof that is not enough, PERMISSION_DENIED, RATE_LIMITED, BUSY */
  async execute(
    principal: Principal,
    request: auth.ProveSessionRequest,
  ): Promise<Answer<typeof auth.SessionsService.method.proveSession>> {
    const { userId, sessionId } = principal;
    if (sessionId === '') throw new DomainError('PERMISSION_DENIED');
    const given = readGiven(request);
    const keys = given.by === 'password' ? this.limits.forConfirmation(userId) : this.limits.forFactorAgain(userId);
    const right = await this.check.run(keys, () => this.prove(principal, given));
    if (right) return { expiresAt: timestampFromDate(this.clock.after(freshSeconds)) };
    await this.transaction.run((em) =>
      this.audit.record(em, { action: 'session.proof-failed', userId, sessionId, detail: { by: wordOf(given) } }),
    );
    throw new DomainError(given.by === 'password' ? 'CREDENTIALS_WRONG' : 'FACTOR_WRONG');
  }

  private async prove(principal: Principal, given: Given): Promise<boolean> {
    const { userId } = principal;
    if (given.by !== 'password')
      return this.transaction.run(async (em) => {
        const right = await this.takes(em, userId, given);
        if (right) await this.note(principal, given);
        return right;
      });
    const hash = await this.transaction.run(async (em) => {
      const held = await factorsHeld(em, userId);
      if (held.length > 0)
        throw new DomainError('PROOF_REQUIRED', { details: { by: held.map((step) => stepWords[step]).join(' ') } });
      return (await em.findOne(PasswordCredential, { userId }, { refresh: true }))?.hash;
    });
    // A hash takes long: no transaction waits for it.
    if (!(await this.hasher.verify(given.password, hash, { person: userId, network: '', known: true }))) return false;
    await this.note(principal, given);
    return true;
  }

  /** Whether a factor is the caller's own; it is used up in any case but that of a wrong code. */
  private async takes(em: EntityManager, userId: string, given: Exclude<Given, { by: 'password' }>): Promise<boolean> {
    if (given.by !== auth.SignInStep.PASSKEY) return this.codes.take(em, userId, given.by, given.code);
    return (await this.passkeys.prove(em, given.token, given.assertion))?.userId === userId;
  }

  /** It holds from now on, in this session and no other. */
  private async note({ userId, sessionId }: Principal, given: Given): Promise<void> {
    await this.transaction.run(async (em) => {
      const session = await lockSession(em, userId, sessionId);
      if (!session || session.endedAt) throw new DomainError('UNAUTHENTICATED');
      session.prove(this.clock.now());
      await this.audit.record(em, { action: 'session.proven', userId, sessionId, detail: { by: wordOf(given) } });
    });
  }
}

/** The one proof of a request. @throws DomainError INVALID_ARGUMENT for none, and for several */
function readGiven({ password, totp, recoveryCode, passkey, passkeyToken }: auth.ProveSessionRequest): Given {
  if ([password, totp, recoveryCode, passkey].filter(Boolean).length !== 1) throw invalidArgument('body');
  if (passkey) return { by: auth.SignInStep.PASSKEY, token: passkeyToken, assertion: passkey };
  if (password !== '') return { by: 'password', password: readPassword(password) };
  if (totp !== '') return { by: auth.SignInStep.TOTP, code: totp };
  return { by: auth.SignInStep.RECOVERY_CODE, code: recoveryCode };
}

const wordOf = ({ by }: Given): string => (by === 'password' ? by : stepWords[by]);
