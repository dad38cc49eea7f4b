import { Module } from '@nestjs/common';
import { CountedCheck } from './counted-check.js';
import { CredentialRevocation } from './credential-revocation.js';
import { GuessLimits } from './guess-limits.js';
import { PasswordHasher } from './password-hasher.js';
import { TokenDigest } from './token-digest.js';

/** How secrets are stored and checked, and how often they may be tried. */
@Module({
  providers: [CountedCheck, CredentialRevocation, GuessLimits, PasswordHasher, TokenDigest],
  exports: [CountedCheck, CredentialRevocation, GuessLimits, PasswordHasher, TokenDigest],
})
export class CredentialsModule {}
