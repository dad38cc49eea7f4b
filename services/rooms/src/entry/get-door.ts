import { rooms } from '@conclave/contracts';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { accessLevelToWire, needsCode } from '../room/access-level.js';
import { findMember, findRoom } from '../room/room-repository.js';
import { viewMeeting } from '../room/room-view.js';
import {
  bypasses,
  decideEntry,
  needsHost,
  type EntryFacts,
  type EntryRefusal,
} from '../admission/admission-decision.js';
import { isInside, lastStay, lastStayMessage } from '../admission/last-stay.js';
import { readSituation } from './entry-facts.js';

/** What only a person who may never enter is told; the other refusals are things to type or to wait for. */
const closed: readonly EntryRefusal[] = ['UNAUTHENTICATED', 'REMOVED_FROM_ROOM', 'NOT_INVITED'];

/** What stands on the door for this caller: the same decision as entry, with nothing typed. */
@Injectable()
export class GetDoor {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async execute(
    person: Principal,
    { slug, joinId }: rooms.GetDoorRequest,
  ): Promise<Answer<typeof rooms.RoomsService.method.getDoor>> {
    const door = await this.transaction.run(async (em) => {
      const room = await findRoom(em, slug);
      const proofs = { codeVersion: null, personalToken: 'missing' } as const;
      const { facts } = await readSituation(em, room, person, proofs, this.clock.now());
      const decision = decideEntry(facts);
      const refusal = decision.outcome === 'refused' ? decision.reason : null;
      const stay = await lastStay(em, room.id, person.userId, joinId);
      const needs = {
        slug: room.slug,
        accessLevel: accessLevelToWire(room.accessLevel),
        needsInvitation: refusal === 'NOT_INVITED',
        needsAccessCode: needsCode(facts.accessLevel) && !bypasses(facts) && facts.code !== 'proven',
        needsPersonalToken: facts.asksPersonalToken,
        needsHost: needsHost(facts),
        alreadyInside: await isInside(em, room.id, person.userId, joinId),
        ...(stay && { lastStay: lastStayMessage(stay) }),
      };
      if (refusal !== null && closed.includes(refusal)) return { ...needs, standing: rooms.Standing.REFUSED, refusal };
      const host = await findMember(em, room.id, room.ownerId);
      const meeting = await viewMeeting(em, room.id);
      return {
        ...needs,
        name: room.name,
        host: { id: room.ownerId, displayName: host?.displayName ?? '', verified: host?.verified ?? false },
        standing: standingOf(facts),
        // A full room is not a closed one: the name stays on the door, with the reason to wait.
        refusal: refusal === 'ROOM_FULL' ? refusal : '',
        ...(meeting && { meeting }),
      };
    });
    return { door };
  }
}

function standingOf({ relation, invitation }: EntryFacts): rooms.Standing {
  if (relation === 'owner') return rooms.Standing.OWNER;
  if (relation === 'moderator' || relation === 'invited-member' || relation === 'member') return rooms.Standing.MEMBER;
  return invitation ? rooms.Standing.INVITED : rooms.Standing.OPEN;
}
