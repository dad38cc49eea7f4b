import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { MediaRemovals } from '../presence/media-removals.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { lockRoom } from '../room/room-repository.js';
import { mediaRoomIdsOf } from '../media-room/media-room.js';
import { MeetingLog } from '../meeting/meeting-log.js';

/** Ends the meeting for all: every admission, and the media server's room with everybody in it. */
@Injectable()
export class EndMeeting {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly meetings: MeetingLog,
    private readonly removals: MediaRemovals,
    private readonly audit: RoomsAudit,
  ) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.ParticipantsService.method.endMeeting>> {
    await this.transaction.run(async (em) => {
      const room = await lockRoom(em, grant);
      await this.removals.close(em, room.id, await mediaRoomIdsOf(em, room.id));
      const revoked = await this.revoker.revoke(em, { roomId: room.id }, 'meeting_ended');
      await this.meetings.end(em, room.id);
      await this.audit.record(em, {
        action: 'meeting.ended',
        userId: grant.person.userId,
        roomId: room.id,
        detail: { admissions: revoked.length },
      });
    });
    return {};
  }
}
