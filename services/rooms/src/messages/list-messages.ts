import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { RoomVault } from '../room-keys/room-vault.js';
import { RoomMember } from '../room/room-member.js';
import { Message, messageMessage } from './message.js';

/** Messages, newest first; only for those who are in the meeting. */
@Injectable()
export class ListMessages {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
  ) {}

  async execute(
    { roomId }: Grant,
    { limit, before }: rooms.ListMessagesRequest,
  ): Promise<Answer<typeof rooms.MessagesService.method.listMessages>> {
    const { page, authors, more } = await this.transaction.run(async (em) => {
      const found = await em.find(
        Message,
        { roomId, ...(before !== '' && { id: { $lt: before } }) },
        { orderBy: { id: 'desc' }, limit: limit + 1, refresh: true },
      );
      const ids = [...new Set(found.map(({ authorId }) => authorId))];
      const members = await em.find(RoomMember, { roomId, userId: { $in: ids } }, { refresh: true });
      return {
        page: found.slice(0, limit),
        authors: new Map(members.map((member) => [member.userId, member])),
        more: found.length > limit,
      };
    });
    const texts = await this.vault.openMessages(
      roomId,
      page.map(({ id, authorId, sealed }) => ({ messageId: id, authorId, sealed })),
    );
    return {
      messages: page.map(({ id, authorId, createdAt }, index) =>
        messageMessage({ id, authorId, createdAt, text: texts[index] ?? '' }, authors.get(authorId)),
      ),
      next: more ? (page.at(-1)?.id ?? '') : '',
    };
  }
}
