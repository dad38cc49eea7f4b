import { rooms, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { GetAccessCode } from './get-access-code.js';
import { RemoveAccessCode } from './remove-access-code.js';
import { RotateAccessCode } from './rotate-access-code.js';

const { method } = rooms.AccessCodesService;

/** Access codes over the bus. */
@Controller()
export class AccessCodesController {
  constructor(
    private readonly getAccessCodeUseCase: GetAccessCode,
    private readonly rotateAccessCodeUseCase: RotateAccessCode,
    private readonly removeAccessCodeUseCase: RemoveAccessCode,
  ) {}

  @Rpc(method.getAccessCode)
  @Access('room.access-code')
  async getAccessCode(
    request: rooms.GetAccessCodeRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.GetAccessCodeResponseSchema>> {
    return { accessCode: await this.getAccessCodeUseCase.execute(requirePrincipal(context), request.slug) };
  }

  @Rpc(method.rotateAccessCode)
  @Access('room.access-code')
  async rotateAccessCode(
    request: rooms.RotateAccessCodeRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.RotateAccessCodeResponseSchema>> {
    return { accessCode: await this.rotateAccessCodeUseCase.execute(requirePrincipal(context), request.slug) };
  }

  @Rpc(method.removeAccessCode)
  @Access('room.access-code')
  async removeAccessCode(
    request: rooms.RemoveAccessCodeRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.RemoveAccessCodeResponseSchema>> {
    await this.removeAccessCodeUseCase.execute(requirePrincipal(context), request.slug);
    return {};
  }
}
