import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { idCursor, pageSize } from '../room/ids.js';
import { RoomMember } from '../room/room-member.js';
import { findRoomFor } from '../room/room-repository.js';
import { Invitation } from './invitation.js';

/** An invitation and the name of whoever accepted it. */
export interface ListedInvitation {
  readonly invitation: Invitation;
  readonly acceptedByName: string;
}

/** Invitations of a room, newest first. */
@Injectable()
export class ListInvitations {
  constructor(private readonly transaction: Transaction) {}

  execute(
    caller: Principal,
    query: { slug: string; limit: number; after: string },
  ): Promise<{ items: ListedInvitation[]; next: string }> {
    const limit = pageSize(query.limit);
    const after = idCursor(query.after, 'after');
    return this.transaction.run(async (em) => {
      const room = await findRoomFor(em, query.slug, caller.userId, 'room.invite');
      const found = await em.find(
        Invitation,
        { roomId: room.id, ...(after && { id: { $lt: after } }) },
        { orderBy: { id: 'desc' }, limit: limit + 1, refresh: true },
      );
      const page = found.slice(0, limit);
      const people = page.flatMap(({ acceptedBy }) => acceptedBy ?? []);
      const members = await em.find(RoomMember, { roomId: room.id, userId: { $in: people } }, { refresh: true });
      const names = new Map(members.map(({ userId, displayName }) => [userId, displayName]));
      return {
        items: page.map((invitation) => ({ invitation, acceptedByName: names.get(invitation.acceptedBy ?? '') ?? '' })),
        next: found.length > limit ? (page.at(-1)?.id ?? '') : '',
      };
    });
  }
}
