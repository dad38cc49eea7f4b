import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomMember } from '../room/room-member.js';
import { Invitation, invitationMessage } from './invitation.js';

/** Invitations of a room, newest first. */
@Injectable()
export class ListInvitations {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async execute(
    { roomId }: Grant,
    { limit, after }: rooms.ListInvitationsRequest,
  ): Promise<Answer<typeof rooms.InvitationsService.method.listInvitations>> {
    return this.transaction.run(async (em) => {
      const found = await em.find(
        Invitation,
        { roomId, ...(after !== '' && { id: { $lt: after } }) },
        { orderBy: { id: 'desc' }, limit: limit + 1, refresh: true },
      );
      const page = found.slice(0, limit);
      const people = page.flatMap(({ acceptedBy }) => acceptedBy ?? []);
      const members = await em.find(RoomMember, { roomId, userId: { $in: people } }, { refresh: true });
      const names = new Map(members.map(({ userId, displayName }) => [userId, displayName]));
      return {
        invitations: page.map((one) => invitationMessage(one, names.get(one.acceptedBy ?? '') ?? '', this.clock.now())),
        next: found.length > limit ? (page.at(-1)?.id ?? '') : '',
      };
    });
  }
}
