import { rooms } from '@conclave/contracts';
import { Access, requireGrant, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { SetMemberRole } from './set-member-role.js';

const { method } = rooms.MembersService;

/** Members of rooms over the bus. */
@Controller()
export class MembersController {
  constructor(private readonly setMemberRoleUseCase: SetMemberRole) {}

  @Rpc(method.setMemberRole)
  @Access('room.roles')
  setMemberRole(request: rooms.SetMemberRoleRequest, context: CallContext) {
    return this.setMemberRoleUseCase.execute(requireGrant(context), request);
  }
}
