import { Module } from '@nestjs/common';
import { CountedCheck } from './counted-check.js';
import { GuessLimits } from './guess-limits.js';
import { PasswordHasher } from './password-hasher.js';
import { TokenDigest } from './token-digest.js';

/** How secrets are stored and checked, and how often they may be tried. */
@Module({
  providers: [CountedCheck, GuessLimits, PasswordHasher, TokenDigest],
  exports: [CountedCheck, GuessLimits, PasswordHasher, TokenDigest],
})
export class CredentialsModule {}
