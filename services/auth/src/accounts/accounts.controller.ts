import { auth } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ConfirmSignUp } from './confirm-sign-up.js';
import { CreateAccount } from './create-account.js';
import { GetAccount } from './get-account.js';
import { ProveAddress } from './prove-address.js';
import { UpdateAccount } from './update-account.js';

const { method } = auth.AccountsService;

/** `conclave.auth.v1.AccountsService` */
@Controller()
export class AccountsController {
  constructor(
    private readonly createAccountUseCase: CreateAccount,
    private readonly confirmSignUpUseCase: ConfirmSignUp,
    private readonly getAccountUseCase: GetAccount,
    private readonly proveAddressUseCase: ProveAddress,
    private readonly updateAccountUseCase: UpdateAccount,
  ) {}

  @Rpc(method.createAccount)
  @Access('public')
  createAccount(request: auth.CreateAccountRequest) {
    return this.createAccountUseCase.execute(request);
  }

  @Rpc(method.confirmSignUp)
  @Access('public')
  confirmSignUp(request: auth.ConfirmSignUpRequest) {
    return this.confirmSignUpUseCase.execute(request);
  }

  @Rpc(method.getAccount)
  @Access('signed-in')
  getAccount(_request: auth.GetAccountRequest, context: CallContext) {
    return this.getAccountUseCase.execute(requirePrincipal(context));
  }

  @Rpc(method.proveAddress)
  @Access('signed-in')
  proveAddress(request: auth.ProveAddressRequest, context: CallContext) {
    return this.proveAddressUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.updateAccount)
  @Access('signed-in')
  updateAccount(request: auth.UpdateAccountRequest, context: CallContext) {
    return this.updateAccountUseCase.execute(requirePrincipal(context), request);
  }
}
