import { rooms, timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { emailKey, readEmailAddress } from '@conclave/platform';
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
    /** Who opened its link as the person it is for, which proves their address; null for a link for anybody. Never taken back. */
    openedBy: p.uuid().nullable(),
    revokedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Who wants to use an invitation. */
export interface Invitee {
  readonly userId: string;
  readonly email: string;
  /** Whether the address is proven to be this person's, before or by this very act. */
  readonly proven: boolean;
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
    const address = facts.email === '' ? null : readEmailAddress(facts.email);
    invitation.email = address ? facts.email.normalize('NFC').trim() : null;
    invitation.emailKey = address?.key ?? null;
    invitation.tokenHash = facts.tokenHash;
    invitation.invitedBy = facts.invitedBy;
    invitation.expiresAt = expiresAt;
    invitation.acceptedBy = null;
    invitation.acceptedAt = null;
    invitation.openedBy = null;
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
    if (this.emailKey !== null && !(invitee.proven && this.isFor(invitee))) throw new DomainError('NOT_INVITED');
    this.acceptedBy = invitee.userId;
    this.acceptedAt = now;
    this.updatedAt = now;
  }

  /** Whether it names this person's address. One's own invitation is for nobody: it would prove whatever one likes. */
  isFor({ userId, email }: Pick<Invitee, 'userId' | 'email'>): boolean {
    return this.emailKey !== null && this.invitedBy !== userId && emailKey(email) === this.emailKey;
  }

  /** Its link was opened by the person it is for. */
  open(userId: string, now: Date): void {
    this.openedBy ??= userId;
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
