import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { RoomVault } from '../room-keys/room-vault.js';
import { findMember, lockRoom } from '../room/room-repository.js';
import { Message, messageMessage, messageText } from './message.js';

/** Writes a message; only for those who are in the meeting. */
@Injectable()
export class PostMessage {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
    private readonly log: RoomEventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async execute(
    grant: Grant,
    request: rooms.PostMessageRequest,
  ): Promise<Answer<typeof rooms.MessagesService.method.postMessage>> {
    const text = messageText(request.text);
    const { roomId } = grant;
    const { userId: authorId, displayName } = grant.person;
    const id = this.ids.uuidv7();
    const sealed = await this.vault.sealMessage({ roomId, messageId: id, authorId }, text);
    const now = this.clock.now();
    const verified = await this.transaction.run(async (em) => {
      await lockRoom(em, grant);
      em.persist(Message.write({ id, roomId, authorId, sealed }, now));
      await em.flush();
      await this.log.append(em, roomId, { case: 'messageCreated', value: { messageId: id, authorId } });
      return (await findMember(em, roomId, authorId))?.verified ?? false;
    });
    return { message: messageMessage({ id, authorId, text, createdAt: now }, { displayName, verified }) };
  }
}
