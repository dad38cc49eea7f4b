import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomVault } from '../room-keys/room-vault.js';

const batch = 50;

/** Finishes what deleting rooms began: keys gone. Repeated until that is done, also after a crash in between. */
@Injectable()
export class ShredRooms {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const waiting = await this.transaction.run((em) =>
      em.execute<{ id: string }[]>(
        `select id from room where deleted_at is not null and shredded_at is null order by deleted_at limit ${batch}`,
      ),
    );
    for (const { id } of waiting) await this.shred(id);
  }

  async shred(roomId: string): Promise<void> {
    await this.vault.shred(roomId);
    await this.transaction.run((em) =>
      em.execute('update room set shredded_at = ? where id = ? and deleted_at is not null', [this.clock.now(), roomId]),
    );
  }
}
