import type { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RepeatableCalls, type RepeatableCall } from '../idempotency/repeatable-calls.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { RoomVault } from '../room-keys/room-vault.js';
import { lockRoom } from '../room/room-repository.js';
import { Message, messageMessage, messageText } from './message.js';

/** Writes a message; only for those who are in the meeting. */
@Injectable()
export class PostMessage {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
    private readonly repeatable: RepeatableCalls,
    private readonly log: RoomEventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async execute(
    grant: Grant,
    request: rooms.PostMessageRequest,
    call: RepeatableCall,
  ): Promise<Answer<typeof rooms.MessagesService.method.postMessage>> {
    const text = messageText(request.text);
    const { roomId } = grant;
    const { userId: authorId, displayName } = grant.person;
    const id = this.ids.uuidv7();
    const sealed = await this.vault.sealMessage({ roomId, messageId: id, authorId }, text);
    const now = this.clock.now();
    const written = await this.transaction.run((em) =>
      this.repeatable.once(em, call, id, async () => {
        await lockRoom(em, grant);
        em.persist(Message.write({ id, roomId, authorId, sealed }, now));
        await em.flush();
        await this.log.append(em, roomId, { case: 'messageCreated', value: { messageId: id, authorId } });
      }),
    );
    const said = written === id ? { text, createdAt: now } : await this.readAgain(roomId, authorId, written);
    return { message: messageMessage({ id: written, authorId, ...said }, displayName) };
  }

  /** What an earlier call with the same key wrote, from where it lies sealed. */
  private async readAgain(roomId: string, authorId: string, id: string): Promise<{ text: string; createdAt: Date }> {
    const message = await this.transaction.run((em) =>
      em.findOne(Message, { id, roomId, authorId }, { refresh: true }),
    );
    if (!message) throw new DomainError('NOT_FOUND');
    const [text = ''] = await this.vault.openMessages(roomId, [{ messageId: id, authorId, sealed: message.sealed }]);
    return { text, createdAt: message.createdAt };
  }
}
