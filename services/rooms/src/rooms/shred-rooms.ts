import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { mediaRoomIdsOf } from '../media-room/media-room.js';
import { MediaServer } from '../media/media-server.js';
import { RoomVault } from '../room-keys/room-vault.js';

const batch = 50;

/** Finishes what deleting rooms began: media rooms closed, keys gone. Repeated until both are done, also after a crash in between. */
@Injectable()
export class ShredRooms {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
    private readonly media: MediaServer,
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

  /** The key goes first: the media server may be away, and that must not keep texts readable. */
  async shred(roomId: string): Promise<void> {
    await this.vault.shred(roomId);
    for (const mediaRoomId of await this.transaction.run((em) => mediaRoomIdsOf(em, roomId)))
      await this.media.closeRoom(mediaRoomId);
    await this.transaction.run((em) =>
      em.execute('update room set shredded_at = ? where id = ? and deleted_at is not null', [this.clock.now(), roomId]),
    );
  }
}
