import type { AddressProof } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { emailKey } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * What has proven a person's address, as far as one room is concerned; null where it is only typed.
 *
 * A message or a provider proves it to everybody. The link of an invitation was handed over by a host, who could have opened it as well: it
 * proves the address to the rooms which that host hosts, and to nobody else. Otherwise anybody could make a room, invite an address that is
 * not theirs, and open their own link.
 */
export async function addressProof(em: EntityManager, roomId: string, person: Principal): Promise<AddressProof | null> {
  const { userId, email, emailVerifiedBy } = person;
  if (emailVerifiedBy === 'mail' || emailVerifiedBy === 'provider') return emailVerifiedBy;
  const vouched = await em.execute<unknown[]>(
    `select 1 from invitation i join room_member h on h.user_id = i.invited_by
      where i.opened_by = ? and i.email_key = ?
        and h.room_id = ? and h.status = 'active' and h.role in ('owner', 'moderator') limit 1`,
    [userId, emailKey(email), roomId],
  );
  return vouched.length > 0 ? 'invitation' : null;
}
