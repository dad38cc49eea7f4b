import type { Principal } from '@conclave/messaging';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Admission, type LiveAdmission } from '../admission/admission.js';
import { Room } from '../room/room.js';

/** The admission, where it holds for this person through this session, in a room that is there; else null. */
export async function findLive(em: EntityManager, joinId: string, person: Principal): Promise<LiveAdmission | null> {
  const admission = await em.findOne(Admission, { joinId }, { refresh: true });
  if (!admission?.holdsFor(person)) return null;
  const room = await em.findOne(Room, { id: admission.roomId, deletedAt: null }, { refresh: true });
  return room && admission;
}
