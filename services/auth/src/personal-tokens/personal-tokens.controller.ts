import { auth, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { RotatePersonalToken } from './rotate-personal-token.js';
import { VerifyPersonalToken } from './verify-personal-token.js';

const method = auth.PersonalTokensService.method;

/** `conclave.auth.v1.PersonalTokensService` */
@Controller()
export class PersonalTokensController {
  constructor(
    private readonly rotate: RotatePersonalToken,
    private readonly verify: VerifyPersonalToken,
  ) {}

  @Rpc(method.rotatePersonalToken)
  @Access('signed-in')
  async rotatePersonalToken(
    request: auth.RotatePersonalTokenRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof method.rotatePersonalToken.output>> {
    const { userId } = requirePrincipal(context);
    return { personalToken: await this.rotate.execute({ userId, password: request.password }) };
  }

  @Rpc(method.verifyPersonalToken)
  @Access('signed-in')
  async verifyPersonalToken(
    request: auth.VerifyPersonalTokenRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof method.verifyPersonalToken.output>> {
    const { userId } = requirePrincipal(context);
    await this.verify.execute({ userId, personalToken: request.personalToken });
    return {};
  }
}
