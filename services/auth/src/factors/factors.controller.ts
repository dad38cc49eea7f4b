import { auth } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { AddPasskey } from './add-passkey.js';
import { BeginAddPasskey } from './begin-add-passkey.js';
import { BeginTotp } from './begin-totp.js';
import { ConfirmTotp } from './confirm-totp.js';
import { ListFactors } from './list-factors.js';
import { RemoveFactor } from './remove-factor.js';
import { RenewRecoveryCodes } from './renew-recovery-codes.js';

const { method } = auth.FactorsService;

/** `conclave.auth.v1.FactorsService` */
@Controller()
export class FactorsController {
  constructor(
    private readonly listFactorsUseCase: ListFactors,
    private readonly beginTotpUseCase: BeginTotp,
    private readonly confirmTotpUseCase: ConfirmTotp,
    private readonly beginAddPasskeyUseCase: BeginAddPasskey,
    private readonly addPasskeyUseCase: AddPasskey,
    private readonly removeFactorUseCase: RemoveFactor,
    private readonly renewRecoveryCodesUseCase: RenewRecoveryCodes,
  ) {}

  @Rpc(method.listFactors)
  @Access('signed-in')
  listFactors(_request: auth.ListFactorsRequest, context: CallContext) {
    return this.listFactorsUseCase.execute(requirePrincipal(context));
  }

  @Rpc(method.beginTotp)
  @Access('signed-in')
  beginTotp(request: auth.BeginTotpRequest, context: CallContext) {
    return this.beginTotpUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.confirmTotp)
  @Access('signed-in')
  confirmTotp(request: auth.ConfirmTotpRequest, context: CallContext) {
    return this.confirmTotpUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.removeTotp)
  @Access('signed-in')
  removeTotp({ id }: auth.RemoveTotpRequest, context: CallContext) {
    return this.removeFactorUseCase.execute(requirePrincipal(context), { kind: 'totp', factorId: id });
  }

  @Rpc(method.beginAddPasskey)
  @Access('signed-in')
  beginAddPasskey(_request: auth.BeginAddPasskeyRequest, context: CallContext) {
    return this.beginAddPasskeyUseCase.execute(requirePrincipal(context));
  }

  @Rpc(method.addPasskey)
  @Access('signed-in')
  addPasskey(request: auth.AddPasskeyRequest, context: CallContext) {
    return this.addPasskeyUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.removePasskey)
  @Access('signed-in')
  removePasskey({ id }: auth.RemovePasskeyRequest, context: CallContext) {
    return this.removeFactorUseCase.execute(requirePrincipal(context), { kind: 'passkey', factorId: id });
  }

  @Rpc(method.renewRecoveryCodes)
  @Access('signed-in')
  renewRecoveryCodes(_request: auth.RenewRecoveryCodesRequest, context: CallContext) {
    return this.renewRecoveryCodesUseCase.execute(requirePrincipal(context));
  }
}
