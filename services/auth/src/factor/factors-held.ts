import { auth } from '@conclave/contracts';
import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';

/** What a person can be asked for besides the password; empty where nothing was set up. Recovery codes alone are no factor. */
export async function factorsHeld(em: EntityManager, userId: string): Promise<auth.SignInStep[]> {
  const [held] = await rows<{ totp: boolean; passkey: boolean; codes: boolean }>(
    em,
    `select exists (select from totp_factor where user_id = ? and confirmed_at is not null) as totp,
            exists (select from passkey where user_id = ?) as passkey,
            exists (select from recovery_code where user_id = ?) as codes`,
    [userId, userId, userId],
  );
  if (!held?.totp && !held?.passkey) return [];
  return [
    ...(held.passkey ? [auth.SignInStep.PASSKEY] : []),
    ...(held.totp ? [auth.SignInStep.TOTP] : []),
    ...(held.codes ? [auth.SignInStep.RECOVERY_CODE] : []),
  ];
}

/** A step in the words of refusals and of the audit trail. */
export const stepWords: Readonly<Record<auth.SignInStep, string>> = {
  [auth.SignInStep.UNSPECIFIED]: '',
  [auth.SignInStep.TOTP]: 'totp',
  [auth.SignInStep.RECOVERY_CODE]: 'recovery_code',
  [auth.SignInStep.PASSKEY]: 'passkey',
};
