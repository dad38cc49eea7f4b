import { rooms } from '@conclave/contracts';
import { Access, requireGrant, Rpc, type CallContext } from '@conclave/messaging';
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
  @Access('room.read-access-code')
  getAccessCode(_request: rooms.GetAccessCodeRequest, context: CallContext) {
    return this.getAccessCodeUseCase.execute(requireGrant(context));
  }

  @Rpc(method.rotateAccessCode)
  @Access('room.access-code')
  rotateAccessCode(_request: rooms.RotateAccessCodeRequest, context: CallContext) {
    return this.rotateAccessCodeUseCase.execute(requireGrant(context));
  }

  @Rpc(method.removeAccessCode)
  @Access('room.access-code')
  removeAccessCode(_request: rooms.RemoveAccessCodeRequest, context: CallContext) {
    return this.removeAccessCodeUseCase.execute(requireGrant(context));
  }
}
