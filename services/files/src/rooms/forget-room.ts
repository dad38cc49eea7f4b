import { Audit } from '@conclave/audit';
import { isId, type common } from '@conclave/contracts';
import { OperatorError } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { FilesMetrics } from '../files-metrics.js';
import { Space } from '../file/space.js';
import { Vault } from '../keys/vault.js';

/**
 * A room was deleted: its files are shredded. The keys go first, on their own connection, and that bears repetition; rows,
 * record and cursor follow in one transaction. A crash in between repeats the event, and no step can be seen twice.
 */
@Injectable()
export class ForgetRoom {
  constructor(
    private readonly vault: Vault,
    private readonly space: Space,
    private readonly audit: Audit,
    private readonly metrics: FilesMetrics,
  ) {}

  async execute(em: EntityManager, { roomId }: Pick<common.RoomDeleted, 'roomId'>): Promise<void> {
    // Never skipped: an event that cannot be read holds the feed until somebody looks.
    if (!isId(roomId)) throw new OperatorError('room.deleted without a room id');
    await this.metrics.observe('shred_room', async () => {
      await this.vault.shredRoom(roomId);
      const count = await this.space.retireRoom(em, roomId);
      await this.audit.append(em, {
        actor: 'service:rooms',
        action: 'room.shredded',
        subject: `room:${roomId}`,
        detail: { files: count },
      });
    });
  }
}
