import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { lockRoomFor } from '../room/room-repository.js';
import { MediaServer } from '../media/media-server.js';
import { MeetingLog } from '../meeting/meeting-log.js';

/** Ends the meeting for all: first every admission, then the media server's room. */
@Injectable()
export class EndMeeting {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly meetings: MeetingLog,
    private readonly media: MediaServer,
    private readonly audit: RoomsAudit,
    private readonly logger: Logger,
  ) {}

  async execute(host: Principal, slug: string): Promise<void> {
    const { roomId, ended } = await this.transaction.run(async (em) => {
      const room = await lockRoomFor(em, slug, host.userId, 'meeting.end');
      const revoked = await this.revoker.revoke(em, { roomId: room.id }, 'meeting_ended');
      await this.meetings.end(em, room.id);
      await this.audit.record(em, {
        action: 'meeting.ended',
        userId: host.userId,
        roomId: room.id,
        detail: { admissions: revoked.length },
      });
      return { roomId: room.id, ended: revoked };
    });
    await this.revoker.disconnect(ended);
    // Everybody is out of the room's truth already; the reconciler closes what could not be closed now.
    await this.media
      .closeRoom(roomId)
      .catch((error: unknown) => this.logger.warn('media room not closed yet', { roomId, error }));
  }
}
