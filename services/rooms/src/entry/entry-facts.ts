import type { AddressProof } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { emailKey } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { addressProof } from '../invitations/address-proof.js';
import { Invitation, type Invitee } from '../invitations/invitation.js';
import type { EntryRequest } from '../lobby/entry-request.js';
import type { RoomMember } from '../room/room-member.js';
import { findMember } from '../room/room-repository.js';
import type { Room } from '../room/room.js';
import { credentialEnded } from '../credentials/ended-credentials.js';
import type { EntryFacts, Proof, Relation } from '../admission/admission-decision.js';
import { readNewcomer } from './newcomer-facts.js';

/** Seconds for which somebody who was admitted and is not yet connected takes a place. */
const placeKeptSeconds = 60;

/** What the caller has proven in this call. */
export interface Proofs {
  /** Version of the room's code that was typed right; null when none was. */
  readonly codeVersion: number | null;
  readonly personalToken: Proof;
}

/** The facts with the rows they came from. */
export interface Situation {
  readonly facts: EntryFacts;
  readonly member: RoomMember | null;
  readonly invitation: Invitation | null;
  /** Their last request to be let in by a host, where newcomers wait. */
  readonly request: EntryRequest | null;
  readonly invitee: Invitee;
  /** What has proven the caller's address, as far as this room is concerned. */
  readonly addressProvenBy: AddressProof | null;
}

/** Reads every fact of the decision; inside the admitting transaction the room is locked and the facts hold until the commit. */
export async function readSituation(
  em: EntityManager,
  room: Room,
  person: Principal,
  proofs: Proofs,
  now: Date,
): Promise<Situation> {
  const member = await findMember(em, room.id, person.userId);
  const addressProvenBy = await addressProof(em, room.id, person);
  const invitee = { userId: person.userId, email: person.email, proven: addressProvenBy !== null };
  const invitation = await pendingInvitation(em, room.id, invitee, member?.removedAt ?? null, now);
  const newcomer = await readNewcomer(em, room, person.userId, member, invitation, now);
  const provenVersion = proofs.codeVersion ?? (member?.status === 'active' ? member.codeVersion : null);
  return {
    member,
    invitation,
    request: newcomer.request,
    invitee,
    addressProvenBy,
    facts: {
      ...newcomer.facts,
      session: (await credentialEnded(em, person.credentialId)) ? 'ended' : 'live',
      accessLevel: room.accessLevel,
      relation: relationOf(member),
      invitation: invitation !== null,
      hasCode: room.codeHash !== null,
      // A code of an earlier version counts as not typed, whether it was proven a year or a second ago.
      code: provenVersion === room.codeVersion ? 'proven' : 'missing',
      asksPersonalToken: room.askPersonalToken,
      personalToken: proofs.personalToken,
      full: (await placesTaken(em, room.id, person.sessionId, now)) >= room.capacity,
    },
  };
}

function relationOf(member: RoomMember | null): Relation {
  if (!member || member.status === 'ended') return 'stranger';
  if (member.status === 'removed') return 'removed';
  if (member.role !== 'participant') return member.role;
  return member.invited ? 'invited-member' : 'member';
}

async function pendingInvitation(
  em: EntityManager,
  roomId: string,
  invitee: Invitee,
  removedAt: Date | null,
  now: Date,
): Promise<Invitation | null> {
  if (!invitee.proven) return null;
  return em.findOne(
    Invitation,
    {
      roomId,
      emailKey: emailKey(invitee.email),
      acceptedAt: null,
      revokedAt: null,
      expiresAt: { $gt: now },
      ...(removedAt && { createdAt: { $gt: removedAt } }),
    },
    { orderBy: { id: 'desc' }, refresh: true },
  );
}

/** A session takes one place and a service none, however often it was let in; whoever comes back finds their own place free. */
async function placesTaken(em: EntityManager, roomId: string, sessionId: string, now: Date): Promise<number> {
  const [row] = await em.execute<{ taken: number }[]>(
    `select count(distinct coalesce(nullif(a.session_id, ''), a.join_id))::int as taken from admission a
      where a.room_id = ? and a.revoked_at is null and a.service is null and a.session_id is distinct from nullif(?, '')
        and (a.created_at > ? or exists (select 1 from participation p where p.join_id = a.join_id and p.left_at is null))`,
    [roomId, sessionId, new Date(now.getTime() - placeKeptSeconds * 1000)],
  );
  return row?.taken ?? 0;
}
