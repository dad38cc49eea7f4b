import { liveSender } from '@conclave/contracts/live';
import type { Principal } from '@conclave/messaging';
import { Ids, RequestScope, Tracing } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { bindInvitation } from '../invitations/bind-invitation.js';
import { mainMediaRoom } from '../media-room/media-room.js';
import { Meeting } from '../meeting/meeting.js';
import { RoomMember } from '../room/room-member.js';
import type { Room } from '../room/room.js';
import type { Admitted } from '../admission/admission-decision.js';
import { Admission } from '../admission/admission.js';
import type { Situation } from './entry-facts.js';
import { EntryRecord } from './entry-record.js';

/** Who is let in, where, and on what grounds. */
export interface Admittance {
  readonly decision: Admitted;
  readonly room: Room;
  readonly person: Principal;
  readonly situation: Situation;
  /** Version of the room's code that was typed right in this call; null when none was. */
  readonly codeVersion: number | null;
}

/** Writes what an admission means: membership, meeting, the admission itself, and its record. */
@Injectable()
export class AdmitPerson {
  constructor(
    private readonly ids: Ids,
    private readonly record: EntryRecord,
  ) {}

  /** In the deciding transaction, under the room's lock. */
  async execute(em: EntityManager, admittance: Admittance, now: Date): Promise<Admission> {
    const { decision, room, person, situation, codeVersion } = admittance;
    const member = await this.enterAsMember(em, admittance, now);
    const { addressProvenBy } = situation;
    member.enter({ displayName: person.displayName, codeVersion, addressProof: addressProvenBy }, now);
    room.use(now);
    situation.request?.use(now);
    const meeting =
      (await em.findOne(Meeting, { roomId: room.id, endedAt: null }, { refresh: true })) ??
      Meeting.open({ id: this.ids.uuidv7(), roomId: room.id }, now);
    em.persist(meeting);
    await em.flush();
    const mediaRoom = await mainMediaRoom(em, room.id, this.ids, now);
    const admission = Admission.grant(
      decision,
      {
        joinId: await this.newJoinId(em, room.id),
        roomId: room.id,
        mediaRoomId: mediaRoom.id,
        meetingId: meeting.id,
        userId: person.userId,
        sessionId: person.sessionId,
        credentialId: person.credentialId,
        displayName: person.displayName,
        traceparent: (Tracing.on && RequestScope.current()?.traceparent) || null,
      },
      now,
    );
    em.persist(admission);
    // It was pending when the situation was read: accepted now means used up by this entry.
    const used = situation.invitation?.acceptedAt ? situation.invitation : null;
    await this.record.admitted(em, person.userId, admission, used);
    return admission;
  }

  /** No two admissions of a room that hold begin alike: live frames name their sender by the beginning, and 0 is nobody's. */
  private async newJoinId(em: EntityManager, roomId: string): Promise<string> {
    for (;;) {
      const joinId = this.ids.bytes(16).toString('hex');
      const beginning = joinId.slice(0, 8);
      const taken = await em.execute<unknown[]>(
        'select 1 from admission where room_id = ? and revoked_at is null and left(join_id, 8) = ?',
        [roomId, beginning],
      );
      if (taken.length === 0 && liveSender(joinId) !== 0) return joinId;
    }
  }

  private async enterAsMember(
    em: EntityManager,
    { room, person, situation: { member, invitation, invitee } }: Admittance,
    now: Date,
  ): Promise<RoomMember> {
    // Hosts need no invitation, and one that was sent to a host by mistake stays with its address.
    if (invitation && !member?.invited) return bindInvitation(em, invitation, person, invitee, now);
    if (member) return member;
    const joined = RoomMember.join(
      { roomId: room.id, userId: person.userId, displayName: person.displayName, role: 'participant' },
      now,
    );
    em.persist(joined);
    return joined;
  }
}
