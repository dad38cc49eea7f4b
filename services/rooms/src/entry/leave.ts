import type { rooms } from '@conclave/contracts';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { findRoom } from '../room/room-repository.js';
import { Admission } from '../admission/admission.js';

/** Ends the caller's own admission; one that is over or somebody else's changes nothing and tells nothing. */
@Injectable()
export class Leave {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
  ) {}

  async execute(
    person: Principal,
    { slug, joinId }: rooms.LeaveRequest,
  ): Promise<Answer<typeof rooms.EntryService.method.leave>> {
    await this.transaction.run(async (em) => {
      const room = await findRoom(em, slug);
      const admission = await em.findOne(Admission, { joinId, roomId: room.id }, { refresh: true });
      if (admission?.holdsFor(person)) await this.revoker.revoke(em, { joinId }, 'left');
    });
    return {};
  }
}
