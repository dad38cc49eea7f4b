import { rows } from '@conclave/persistence';
import { timeOfUuidv7 } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EntryFacts, Welcome } from '../admission/admission-decision.js';
import { Invitation } from '../invitations/invitation.js';
import type { EntryRequest } from '../lobby/entry-request.js';
import { lastRequest } from '../lobby/request-repository.js';
import type { RoomMember } from '../room/room-member.js';
import type { Room } from '../room/room.js';

type NewcomerFacts = Pick<EntryFacts, 'newcomersWait' | 'welcome' | 'youngAccount' | 'request'>;

/** What is known of somebody who may be new. */
export interface Newcomer {
  readonly facts: NewcomerFacts;
  /** Their last request to be let in. */
  readonly request: EntryRequest | null;
}

const nobodyWaits: Newcomer = {
  facts: { newcomersWait: false, welcome: 'none', youngAccount: false, request: 'none' },
  request: null,
};

/** Whether the caller is new where newcomers wait. An account tells its age by its id, which auth makes and signs. */
export async function readNewcomer(
  em: EntityManager,
  room: Room,
  userId: string,
  member: RoomMember | null,
  pending: Invitation | null,
  now: Date,
): Promise<Newcomer> {
  const since = room.newcomersWaitSince;
  if (!since) return nobodyWaits;
  const request = await lastRequest(em, room.id, userId);
  const born = timeOfUuidv7(userId);
  return {
    facts: {
      newcomersWait: true,
      welcome: await welcomeOf(em, member, pending, since),
      youngAccount: born === null || born >= since,
      request: request?.wordAt(now) ?? 'none',
    },
    request,
  };
}

async function welcomeOf(
  em: EntityManager,
  member: RoomMember | null,
  pending: Invitation | null,
  since: Date,
): Promise<Welcome> {
  if (member?.status === 'active') {
    // Who was there some time before may be the removed person's other account, and was not under the host's eyes.
    const inside = await rows<object>(
      em,
      'select 1 from admission where room_id = ? and user_id = ? and (revoked_at is null or revoked_at > ?) limit 1',
      [member.roomId, member.userId, since],
    );
    if (inside.length > 0) return 'inside';
    const accepted =
      member.invitationId && (await em.findOne(Invitation, { id: member.invitationId }, { refresh: true }));
    if (accepted && ((accepted.acceptedAt ?? accepted.createdAt) <= since || accepted.createdAt > since))
      return 'invited';
  }
  return pending && pending.createdAt > since ? 'invited' : 'none';
}
