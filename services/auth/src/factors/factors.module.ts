import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { FactorModule } from '../factor/factor.module.js';
import { AddPasskey } from './add-passkey.js';
import { BeginAddPasskey } from './begin-add-passkey.js';
import { BeginTotp } from './begin-totp.js';
import { ConfirmTotp } from './confirm-totp.js';
import { FactorsController } from './factors.controller.js';
import { ListFactors } from './list-factors.js';
import { RemoveFactor } from './remove-factor.js';
import { RenewRecoveryCodes } from './renew-recovery-codes.js';

/** Second factors as their owners see and change them. */
@Module({
  imports: [CredentialsModule, FactorModule],
  controllers: [FactorsController],
  providers: [AddPasskey, BeginAddPasskey, BeginTotp, ConfirmTotp, ListFactors, RemoveFactor, RenewRecoveryCodes],
})
export class FactorsModule {}
