import type { AddressProof } from '@conclave/contracts';

/** The person behind a call, as auth vouched for them at most 60 seconds ago. */
export interface Principal {
  readonly userId: string;
  /** Empty when the person came with a personal token instead of a session. */
  readonly sessionId: string;
  /** The credential behind the call: the session, or the personal token. Auth announces its end by this id. */
  readonly credentialId: string;
  readonly displayName: string;
  readonly email: string;
  /** What has proven the address; null as long as it is only typed. How far a proof by invitation reaches is for rooms to say. */
  readonly emailVerifiedBy: AddressProof | null;
  readonly roles: readonly string[];
}

/** Issuer and audience of principal tokens (RFC 9068); a token for anything else is refused. */
export const principalIssuer = 'conclave-auth';
export const principalAudience = 'conclave-internal';

/** JWT `typ` of principal tokens. */
export const principalType = 'at+jwt';

/** Longest life of a principal token, in seconds. */
export const principalTtlSeconds = 60;
