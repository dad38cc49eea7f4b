import { auth } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ChangeAddress } from './change-address.js';
import { ConfirmAddress } from './confirm-address.js';
import { ReturnAddress } from './return-address.js';

const { method } = auth.AddressesService;

/** `conclave.auth.v1.AddressesService` */
@Controller()
export class AddressesController {
  constructor(
    private readonly changeAddressUseCase: ChangeAddress,
    private readonly confirmAddressUseCase: ConfirmAddress,
    private readonly returnAddressUseCase: ReturnAddress,
  ) {}

  @Rpc(method.changeAddress)
  @Access('signed-in')
  changeAddress(request: auth.ChangeAddressRequest, context: CallContext) {
    return this.changeAddressUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.confirmAddress)
  @Access('signed-in')
  confirmAddress(request: auth.ConfirmAddressRequest, context: CallContext) {
    return this.confirmAddressUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.returnAddress)
  @Access('public')
  returnAddress(request: auth.ReturnAddressRequest) {
    return this.returnAddressUseCase.execute(request);
  }
}
