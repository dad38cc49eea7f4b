import { auth } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { RotatePersonalToken } from './rotate-personal-token.js';
import { VerifyPersonalToken } from './verify-personal-token.js';

const { method } = auth.PersonalTokensService;

/** `conclave.auth.v1.PersonalTokensService` */
@Controller()
export class PersonalTokensController {
  constructor(
    private readonly rotatePersonalTokenUseCase: RotatePersonalToken,
    private readonly verifyPersonalTokenUseCase: VerifyPersonalToken,
  ) {}

  @Rpc(method.rotatePersonalToken)
  @Access('signed-in')
  rotatePersonalToken(request: auth.RotatePersonalTokenRequest, context: CallContext) {
    return this.rotatePersonalTokenUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.verifyPersonalToken)
  @Access('signed-in')
  verifyPersonalToken(request: auth.VerifyPersonalTokenRequest, context: CallContext) {
    return this.verifyPersonalTokenUseCase.execute(requirePrincipal(context), request);
  }
}
