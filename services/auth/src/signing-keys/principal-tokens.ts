import type { AddressProof } from '@conclave/contracts';
import { principalAudience, principalIssuer, principalTtlSeconds, principalType } from '@conclave/messaging';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SigningKeys } from './signing-keys.js';

/** The facts a principal token vouches for. */
export interface Vouched {
  readonly userId: string;
  /** Absent where a personal token stands behind the call. */
  readonly sessionId?: string;
  /** The session, or the personal token. */
  readonly credentialId: string;
  readonly displayName: string;
  readonly email: string;
  readonly emailVerifiedBy: AddressProof | null;
}

/** Makes the tokens that carry a person between services: ES256 JWT of RFC 9068, good for 60 seconds. */
@Injectable()
export class PrincipalTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  mint(vouched: Vouched): Promise<string> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const claims = {
      iss: principalIssuer,
      aud: principalAudience,
      sub: vouched.userId,
      ...(vouched.sessionId && { sid: vouched.sessionId }),
      cid: vouched.credentialId,
      jti: this.ids.uuidv7(),
      iat: issuedAt,
      exp: issuedAt + principalTtlSeconds,
      name: vouched.displayName,
      email: vouched.email,
      email_verified: vouched.emailVerifiedBy !== null,
      ...(vouched.emailVerifiedBy && { email_verified_by: vouched.emailVerifiedBy }),
      roles: [],
    };
    // A KeyObject, never a string: jsonwebtoken would parse the PEM again for every token.
    return this.jwt.signAsync(claims, {
      privateKey: this.keys.privateKey,
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: principalType, kid: this.keys.kid },
    });
  }
}
