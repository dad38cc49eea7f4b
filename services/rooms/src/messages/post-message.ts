import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RepeatableCalls, type RepeatableCall } from '../idempotency/repeatable-calls.js';
import { ProvePresence } from '../presence/prove-presence.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { RoomVault } from '../room-keys/room-vault.js';
import { lockRoomById } from '../room/room-repository.js';
import { Message, messageText } from './message.js';

/** A message as those who are present read it. */
export interface ReadableMessage {
  readonly id: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly text: string;
  readonly sentAt: Date;
}

/** What is said, and where. */
export interface PostMessageCommand {
  readonly slug: string;
  readonly text: string;
}

/** Writes a message; only for those who are in the meeting. */
@Injectable()
export class PostMessage {
  constructor(
    private readonly provePresence: ProvePresence,
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
    private readonly repeatable: RepeatableCalls,
    private readonly log: RoomEventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async execute(author: Principal, command: PostMessageCommand, call: RepeatableCall): Promise<ReadableMessage> {
    const text = messageText(command.text);
    const { roomId, joinId } = await this.provePresence.execute({
      room: { slug: command.slug },
      userId: author.userId,
      sessionId: author.sessionId,
    });
    const id = this.ids.uuidv7();
    const sealed = await this.vault.sealMessage({ roomId, messageId: id, authorId: author.userId }, text);
    const now = this.clock.now();
    const written = await this.transaction.run((em) =>
      this.repeatable.once(em, call, id, async () => {
        // Under the room's lock nobody is revoked meanwhile: a removed person's last word is not one after the removal.
        const room = await lockRoomById(em, roomId);
        const [holds] = await em.execute<unknown[]>(
          'select 1 from admission where join_id = ? and revoked_at is null',
          [joinId],
        );
        if (!room || !holds) throw new DomainError('NOT_PRESENT');
        em.persist(Message.write({ id, roomId, authorId: author.userId, sealed }, now));
        await em.flush();
        await this.log.append(em, roomId, {
          case: 'messageCreated',
          value: { messageId: id, authorId: author.userId },
        });
      }),
    );
    const message = { authorId: author.userId, authorName: author.displayName };
    if (written === id) return { id, ...message, text, sentAt: now };
    return { id: written, ...message, ...(await this.readAgain(roomId, author.userId, written)) };
  }

  /** What an earlier call with the same key wrote, from where it lies sealed. */
  private async readAgain(roomId: string, authorId: string, id: string): Promise<{ text: string; sentAt: Date }> {
    const message = await this.transaction.run((em) =>
      em.findOne(Message, { id, roomId, authorId }, { refresh: true }),
    );
    if (!message) throw new DomainError('NOT_FOUND');
    const [text = ''] = await this.vault.openMessages(roomId, [{ messageId: id, authorId, sealed: message.sealed }]);
    return { text, sentAt: message.createdAt };
  }
}
