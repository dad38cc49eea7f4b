import type { Principal } from '@conclave/messaging';
import type { EntityManager } from '@mikro-orm/postgresql';
import { RoomMember } from '../room/room-member.js';
import { findMember } from '../room/room-repository.js';
import type { Invitation, Invitee } from './invitation.js';

/** Binds an invitation to a person and makes them a member; the room must be locked. */
export async function bindInvitation(
  em: EntityManager,
  invitation: Invitation,
  person: Principal,
  invitee: Invitee,
  now: Date,
): Promise<RoomMember> {
  invitation.accept(invitee, now);
  const known = await findMember(em, invitation.roomId, person.userId);
  const member =
    known ??
    RoomMember.join(
      { roomId: invitation.roomId, userId: person.userId, displayName: person.displayName, role: 'participant' },
      now,
    );
  member.acceptInvitation(invitation.id, person.displayName, now);
  if (!known) em.persist(member);
  await em.flush();
  return member;
}
