import { DomainError } from '@conclave/errors';
import { Attempts, Transaction } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { lockRoomById } from '../room/room-repository.js';
import { alarmKey } from './code-attempts.js';

/** Tells a room's hosts when many wrong codes were tried, whoever tried them. */
@Injectable()
export class CodeAlarm {
  constructor(
    private readonly attempts: Attempts,
    private readonly transaction: Transaction,
    private readonly log: RoomEventLog,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** A wrong code more. The answer to whoever typed it does not depend on what becomes of this. */
  async wrong(roomId: string): Promise<void> {
    try {
      const { standings } = await this.attempts.count([alarmKey(roomId)]);
      if (standings[0]?.waitSeconds) await this.ring(roomId);
    } catch (error) {
      // Within the hour in which hosts were told.
      if (error instanceof DomainError && error.reason === 'RATE_LIMITED') return;
      this.logger.warn('wrong codes not told', { roomId, error });
    }
  }

  private async ring(roomId: string): Promise<void> {
    await this.transaction.run(async (em) => {
      const room = await lockRoomById(em, roomId);
      if (!room) return;
      room.noteGuessing(this.clock.now());
      await em.flush();
      await this.log.append(em, roomId, { case: 'codeGuessed', value: {} });
    });
  }
}
