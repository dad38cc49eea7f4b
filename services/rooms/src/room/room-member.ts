import { roleHas, type AddressProof, type RoomRole } from '@conclave/contracts';
import { defineEntity, p } from '@mikro-orm/core';

/** `active` belongs; `ended` belonged once; `removed` was put out and stays out until invited again. */
export type MemberStatus = 'active' | 'ended' | 'removed';

const schema = defineEntity({
  name: 'RoomMember',
  tableName: 'room_member',
  properties: {
    roomId: p.uuid().primary(),
    userId: p.uuid().primary(),
    role: p.text().$type<RoomRole>(),
    status: p.text().$type<MemberStatus>(),
    /** The name auth vouched for at the last entry. */
    displayName: p.text(),
    /** The accepted invitation behind the membership; null for those who came by code or as colleagues. */
    invitationId: p.uuid().nullable(),
    /** Version of the room's code this person has proven; null when none. */
    codeVersion: p.integer().nullable(),
    /** What had proven the address when the person last came in or opened an invitation; null where nothing had. */
    addressProof: p.text().$type<AddressProof>().nullable(),
    removedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** The relation of a person to a room. */
export class RoomMember extends schema.class {
  static join(facts: { roomId: string; userId: string; displayName: string; role: RoomRole }, now: Date): RoomMember {
    const member = new RoomMember();
    member.roomId = facts.roomId;
    member.userId = facts.userId;
    member.role = facts.role;
    member.status = 'active';
    member.displayName = facts.displayName;
    member.invitationId = null;
    member.codeVersion = null;
    member.addressProof = null;
    member.removedAt = null;
    member.createdAt = now;
    member.updatedAt = now;
    return member;
  }

  /** The role, as long as the person belongs here. */
  get activeRole(): RoomRole | null {
    return this.status === 'active' ? this.role : null;
  }

  /** Whether the role opens the door by itself: the owner invited everybody, and made the moderators. */
  get bypasses(): boolean {
    return roleHas(this.activeRole, 'entry.bypass');
  }

  /** Who needs no invitation counts as invited. */
  get invited(): boolean {
    return this.status === 'active' && (this.bypasses || this.invitationId !== null);
  }

  /** Whether the address was proven, as far as this room is concerned. */
  get verified(): boolean {
    return Boolean(this.addressProof);
  }

  /** Came in: the name and the proofs of this entry are kept. */
  enter(
    facts: { displayName: string; codeVersion: number | null; addressProof: AddressProof | null },
    now: Date,
  ): void {
    if (this.status !== 'removed') this.status = 'active';
    this.displayName = facts.displayName;
    this.addressProof = facts.addressProof;
    if (facts.codeVersion !== null) this.codeVersion = facts.codeVersion;
    this.updatedAt = now;
  }

  /** An invitation opens the door again, also for somebody who was put out before it was made. */
  acceptInvitation(invitationId: string, displayName: string, now: Date): void {
    this.status = 'active';
    this.invitationId = invitationId;
    this.displayName = displayName;
    this.removedAt = null;
    this.updatedAt = now;
  }

  /** Opened the link of an invitation to their own address. */
  proveAddress(by: AddressProof, now: Date): void {
    this.addressProof = by;
    this.updatedAt = now;
  }

  /** Hosts with the owner from now on, or no longer. */
  changeRole(role: Exclude<RoomRole, 'owner'>, now: Date): void {
    this.role = role;
    this.updatedAt = now;
  }

  /** The invitation was taken back, and with it what it gave. A removal stays a removal. */
  endMembership(now: Date): void {
    this.invitationId = null;
    if (this.status === 'active') this.status = 'ended';
    this.updatedAt = now;
  }

  /** A host put the person out. */
  remove(now: Date): void {
    this.status = 'removed';
    this.role = 'participant';
    this.invitationId = null;
    this.codeVersion = null;
    this.removedAt = now;
    this.updatedAt = now;
  }
}
schema.setClass(RoomMember);
