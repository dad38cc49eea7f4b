import { DomainError } from '@conclave/errors';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Admission } from '../admission/admission.js';

/** The admission a host points at; it must belong to this room. */
export async function findTarget(em: EntityManager, roomId: string, joinId: string): Promise<Admission> {
  const admission = await em.findOne(Admission, { joinId, roomId }, { refresh: true });
  if (!admission) throw new DomainError('NOT_FOUND');
  return admission;
}
