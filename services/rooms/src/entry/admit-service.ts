import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { decideServiceEntry } from '../admission/admission-decision.js';
import { Admission, type ServiceParticipant } from '../admission/admission.js';
import { MediaTokens } from '../media/media-tokens.js';
import { mainMediaRoom } from '../media-room/media-room.js';
import { Meeting } from '../meeting/meeting.js';
import { lockRoomById } from '../room/room-repository.js';

/** The way in for a service. */
export interface AdmittedService {
  readonly joinId: string;
  readonly mediaToken: string;
}

/** Lets a service of the room (recorder, transcriber) into the meeting that is going on, named and seen by everybody. */
@Injectable()
export class AdmitService {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: MediaTokens,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Null where no meeting is going on. */
  async execute(roomId: string, service: ServiceParticipant, displayName: string): Promise<AdmittedService | null> {
    const admitted = await this.transaction.run(async (em) => {
      const room = await lockRoomById(em, roomId);
      const meeting = room && (await em.findOne(Meeting, { roomId, endedAt: null }, { refresh: true }));
      const decision = decideServiceEntry({ meeting: Boolean(meeting?.startedAt) });
      if (!meeting || !decision) return null;
      const now = this.clock.now();
      const mediaRoom = await mainMediaRoom(em, roomId, this.ids, now);
      const admission = Admission.grant(
        decision,
        {
          joinId: this.ids.bytes(16).toString('hex'),
          roomId,
          mediaRoomId: mediaRoom.id,
          meetingId: meeting.id,
          userId: null,
          service,
          sessionId: '',
          displayName,
        },
        now,
      );
      em.persist(admission);
      return admission;
    });
    if (!admitted) return null;
    return { joinId: admitted.joinId, mediaToken: await this.tokens.mintForService(admitted) };
  }
}
