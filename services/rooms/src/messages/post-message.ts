import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ProvePresence } from '../presence/prove-presence.js';
import { RoomEventLog } from '../room-events/room-event-log.js';
import { RoomVault } from '../room-keys/room-vault.js';
import { Message, messageText } from './message.js';

/** A message as those who are present read it. */
export interface ReadableMessage {
  readonly id: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly text: string;
  readonly sentAt: Date;
}

/** Writes a message; only for those who are in the meeting. */
@Injectable()
export class PostMessage {
  constructor(
    @Inject(ProvePresence) private readonly provePresence: ProvePresence,
    @Inject(Transaction) private readonly transaction: Transaction,
    @Inject(RoomVault) private readonly vault: RoomVault,
    @Inject(RoomEventLog) private readonly log: RoomEventLog,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  async execute(author: Principal, slug: string, typed: string): Promise<ReadableMessage> {
    const text = messageText(typed);
    const { roomId, joinId } = await this.provePresence.execute({
      room: { slug },
      userId: author.userId,
      sessionId: author.sessionId,
    });
    const id = this.ids.uuidv7();
    const sealed = await this.vault.sealMessage({ roomId, messageId: id, authorId: author.userId }, text);
    const now = this.clock.now();
    await this.transaction.run(async (em) => {
      // Locked against a revocation that commits meanwhile: a removed person's last word is not one after the removal.
      const [holds] = await em.execute<unknown[]>(
        'select 1 from admission where join_id = ? and revoked_at is null for share',
        [joinId],
      );
      if (!holds) throw new DomainError('NOT_PRESENT');
      em.persist(Message.write({ id, roomId, authorId: author.userId, sealed }, now));
      await em.flush();
      await this.log.append(em, roomId, 'message.created', { messageId: id, authorId: author.userId });
    });
    return { id, authorId: author.userId, authorName: author.displayName, text, sentAt: now };
  }
}
