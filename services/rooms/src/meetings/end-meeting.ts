import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { lockRoom } from '../room/room-repository.js';
import { mediaRoomIdsOf } from '../media-room/media-room.js';
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

  async execute(grant: Grant): Promise<Answer<typeof rooms.ParticipantsService.method.endMeeting>> {
    const { roomId, mediaRoomIds, ended } = await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      const mediaRoomIds = await mediaRoomIdsOf(em, room.id);
      const revoked = await this.revoker.revoke(em, { roomId: room.id }, 'meeting_ended');
      await this.meetings.end(em, room.id);
      await this.audit.record(em, {
        action: 'meeting.ended',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { admissions: revoked.length },
      });
      return { roomId: room.id, mediaRoomIds, ended: revoked };
    });
    await this.revoker.disconnect(ended);
    // Everybody is out of the room's truth already; the reconciler closes what could not be closed now.
    for (const mediaRoomId of mediaRoomIds)
      await this.media
        .closeRoom(mediaRoomId)
        .catch((error: unknown) => this.logger.warn('media room not closed yet', { roomId, error }));
    return {};
  }
}
