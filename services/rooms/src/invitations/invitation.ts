import { rooms, timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import { defineEntity, p } from '@mikro-orm/core';

/** Where an invitation stands. */
export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired';

const wire: Record<InvitationStatus, rooms.InvitationStatus> = {
  pending: rooms.InvitationStatus.PENDING,
  accepted: rooms.InvitationStatus.ACCEPTED,
  revoked: rooms.InvitationStatus.REVOKED,
  expired: rooms.InvitationStatus.EXPIRED,
};

const day = 24 * 60 * 60 * 1000;
const defaultDays = 14;

const schema = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    id: p.uuid().primary(),
    roomId: p.uuid(),
    /** As typed; null for a link. */
    email: p.text().nullable(),
    /** For comparison; null for a link. */
    emailKey: p.text().nullable(),
    /** HMAC of the token; the token itself is nowhere. */
    tokenHash: p.blob(),
    invitedBy: p.uuid(),
    expiresAt: p.datetime(),
    acceptedBy: p.uuid().nullable(),
    acceptedAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Who wants to use an invitation. */
export interface Invitee {
  readonly userId: string;
  readonly email: string;
  /** Whether the address is this person's, proven or trusted. */
  readonly addressCounts: boolean;
}

/** An invitation: single use, for one address or for whoever opens its link first. */
export class Invitation extends schema.class {
  static issue(
    facts: { id: string; roomId: string; email: string; tokenHash: Buffer; invitedBy: string; expiresAt: Date | null },
    now: Date,
  ): Invitation {
    const expiresAt = facts.expiresAt ?? new Date(now.getTime() + defaultDays * day);
    const invitation = new Invitation();
    invitation.id = facts.id;
    invitation.roomId = facts.roomId;
    invitation.email = facts.email === '' ? null : checkedEmail(facts.email);
    invitation.emailKey = invitation.email === null ? null : emailKey(invitation.email);
    invitation.tokenHash = facts.tokenHash;
    invitation.invitedBy = facts.invitedBy;
    invitation.expiresAt = expiresAt;
    invitation.acceptedBy = null;
    invitation.acceptedAt = null;
    invitation.revokedAt = null;
    invitation.createdAt = now;
    invitation.updatedAt = now;
    return invitation;
  }

  statusAt(now: Date): InvitationStatus {
    if (this.revokedAt) return 'revoked';
    if (this.acceptedAt) return 'accepted';
    return this.expiresAt <= now ? 'expired' : 'pending';
  }

  /** Binds the invitation to a person for good; each way it cannot be used is a reason of its own. */
  accept(invitee: Invitee, now: Date): void {
    const status = this.statusAt(now);
    if (status === 'revoked') throw new DomainError('INVITATION_REVOKED');
    if (status === 'accepted') throw new DomainError('INVITATION_USED');
    if (status === 'expired') throw new DomainError('INVITATION_EXPIRED');
    if (this.emailKey !== null && !(invitee.addressCounts && emailKey(invitee.email) === this.emailKey))
      throw new DomainError('NOT_INVITED');
    this.acceptedBy = invitee.userId;
    this.acceptedAt = now;
    this.updatedAt = now;
  }

  /** Taken back; a second time changes nothing. */
  revoke(now: Date): void {
    this.revokedAt ??= now;
    this.updatedAt = now;
  }
}
schema.setClass(Invitation);

/** As people of the room see it, with the name of whoever accepted it. */
export const invitationMessage = (
  invitation: Invitation,
  acceptedByName: string,
  now: Date,
): MessageInitShape<typeof rooms.InvitationSchema> => ({
  id: invitation.id,
  email: invitation.email ?? '',
  status: wire[invitation.statusAt(now)],
  createdAt: timestampFromDate(invitation.createdAt),
  expiresAt: timestampFromDate(invitation.expiresAt),
  ...(invitation.acceptedBy && { acceptedBy: { id: invitation.acceptedBy, displayName: acceptedByName } }),
});

/** One spelling per address for comparison. */
export const emailKey = (email: string): string => email.normalize('NFC').trim().toLowerCase();

// One @ and a dot behind it. Without controls and formatting characters (Cc, Cf): in a list of people who were invited, an
// address must not pose as another.
const part = String.raw`[^\s@\p{Cc}\p{Cf}<>"(),;:\\[\]]+`;
const emailShape = new RegExp(`^${part}@${part}\\.${part}$`, 'u');

function checkedEmail(typed: string): string {
  const email = typed.normalize('NFC').trim();
  if (!emailShape.test(email)) throw invalidArgument('email');
  return email;
}
