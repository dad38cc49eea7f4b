import { roleFromWire, type rooms } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoleChange } from '../presence/role-change.js';
import { findMember, lockRoom } from '../room/room-repository.js';

/** Makes a member a co-host, or a participant again. */
@Injectable()
export class SetMemberRole {
  constructor(
    private readonly transaction: Transaction,
    private readonly roleChange: RoleChange,
    private readonly audit: RoomsAudit,
    private readonly clock: Clock,
  ) {}

  async execute(
    grant: Grant,
    request: rooms.SetMemberRoleRequest,
  ): Promise<Answer<typeof rooms.MembersService.method.setMemberRole>> {
    const { userId } = request;
    const role = roleFromWire(request.role);
    if (!role || role === 'owner') throw invalidArgument('role');
    const changed = await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const member = await findMember(em, room.id, userId);
      if (!member?.activeRole) throw new DomainError('NOT_FOUND');
      grant.requireOver('room.roles', member);
      if (member.role === role) return [];
      member.changeRole(role, this.clock.now());
      await em.flush();
      const live = await this.roleChange.apply(em, member);
      await this.audit.record(em, {
        action: 'member.role-changed',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { memberUserId: userId, role },
      });
      return live;
    });
    await this.roleChange.tell(changed);
    return {};
  }
}
