import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { FactorChanges } from './factor-changes.js';
import { FactorCodes } from './factor-codes.js';
import { FreshProof } from './fresh-proof.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { Passkeys } from './passkeys.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecretSeal } from './secret-seal.js';

/** What a second factor is, and how it is checked. */
@Module({
  imports: [CredentialsModule],
  providers: [FactorChanges, FactorCodes, FreshProof, PasskeyChallenges, Passkeys, RecoveryCodes, SecretSeal],
  exports: [FactorChanges, FactorCodes, FreshProof, PasskeyChallenges, Passkeys, RecoveryCodes, SecretSeal],
})
export class FactorModule {}
