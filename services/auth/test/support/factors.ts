import { generateSync } from 'otplib';
import { auth } from '@conclave/contracts';
import type { RunningAuth, SignedUp } from './running-auth.js';

/** Whoever is signed in. */
type Somebody = Pick<SignedUp, 'id' | 'as'>;

/** An authenticator app that was added. */
interface App {
  readonly factorId: string;
  readonly recoveryCodes: readonly string[];
  /** A code that the app shows now, or one step before or after. */
  code(step?: -1 | 0 | 1): string;
}

/** A person with an authenticator app. */
export type WithApp = SignedUp & App;

/** Adds an app; its codes are as good as new afterwards. */
export async function withApp<P extends Somebody>(running: RunningAuth, person: P, name = 'Phone'): Promise<P & App> {
  const { id: factorId, secret } = await running.gateway.factors.beginTotp({ name }, person.as);
  const code = (step = 0) =>
    generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + step * 30, strategy: 'totp' });
  const { recoveryCodes } = await running.gateway.factors.confirmTotp({ id: factorId, code: code() }, person.as);
  await forgetSteps(running, person);
  return { ...person, factorId, recoveryCodes, code };
}

/** As if time had passed: codes that were used count again. */
export const forgetSteps = (running: RunningAuth, { id }: Pick<SignedUp, 'id'>) =>
  running.sql.query('update totp_factor set last_step = 0 where user_id = $1', [id]);

/** As if ten minutes had passed: nothing is proven lately. */
export const forgetProof = (running: RunningAuth, { id }: Pick<SignedUp, 'id'>) =>
  running.sql.query(`update session set proven_at = proven_at - interval '11 minutes' where user_id = $1`, [id]);

export const steps = auth.SignInStep;
