import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { ProvePresence } from '../presence/prove-presence.js';
import { RoomVault } from '../room-keys/room-vault.js';
import { idCursor, pageSize } from '../room/ids.js';
import { RoomMember } from '../room/room-member.js';
import { Message } from './message.js';
import type { ReadableMessage } from './post-message.js';

/** Messages, newest first; only for those who are in the meeting. */
@Injectable()
export class ListMessages {
  constructor(
    private readonly provePresence: ProvePresence,
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
  ) {}

  async execute(
    reader: Principal,
    query: { slug: string; limit: number; before: string },
  ): Promise<{ messages: ReadableMessage[]; next: string }> {
    const limit = pageSize(query.limit);
    const before = idCursor(query.before, 'before');
    const { roomId } = await this.provePresence.execute({
      room: { slug: query.slug },
      userId: reader.userId,
      sessionId: reader.sessionId,
    });
    const { page, names, more } = await this.transaction.run(async (em) => {
      const found = await em.find(
        Message,
        { roomId, ...(before && { id: { $lt: before } }) },
        { orderBy: { id: 'desc' }, limit: limit + 1, refresh: true },
      );
      const authors = [...new Set(found.map(({ authorId }) => authorId))];
      const members = await em.find(RoomMember, { roomId, userId: { $in: authors } }, { refresh: true });
      return {
        page: found.slice(0, limit),
        names: new Map(members.map(({ userId, displayName }) => [userId, displayName])),
        more: found.length > limit,
      };
    });
    const texts = await this.vault.openMessages(
      roomId,
      page.map(({ id, authorId, sealed }) => ({ messageId: id, authorId, sealed })),
    );
    return {
      messages: page.map(({ id, authorId, createdAt }, index) => ({
        id,
        authorId,
        authorName: names.get(authorId) ?? '',
        text: texts[index] ?? '',
        sentAt: createdAt,
      })),
      next: more ? (page.at(-1)?.id ?? '') : '',
    };
  }
}
