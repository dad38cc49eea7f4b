import { needsPresence, permissionsOver, type Permission, type RoomRole } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Principal } from './principal.js';

/** What stands behind a grant: what a source has just found out about a person in a room. */
export interface GrantFacts {
  readonly roomId: string;
  /** The room's link. */
  readonly slug: string;
  readonly role: RoomRole;
  /** The admission that proves that they are inside; set exactly where that was asked. */
  readonly joinId?: string;
  /** Everything they may do there now. */
  readonly permissions: readonly Permission[];
}

/** What the door wants to know. */
export interface GrantQuestion {
  readonly person: Principal;
  /** The room that the request names. */
  readonly room: { readonly slug: string } | { readonly id: string };
  /** Any one of these opens the door. */
  readonly asked: readonly Permission[];
  /** Whether they must be proven to be in the meeting. */
  readonly inside: boolean;
}

/** Whom something is done to. */
export interface GrantTarget {
  /** Nobody for a service. */
  readonly userId?: string | null;
  readonly role: RoomRole;
}

let issue: (question: GrantQuestion, facts: GrantFacts) => Grant;

/**
 * Proof that a person may do in a room what a handler declares. Only a `GrantSource` makes one. It tells how things stood at the
 * door: whoever changes something holds it against the rows again, in the transaction of the change.
 */
export class Grant {
  static {
    issue = (question, facts) => new Grant(question, facts);
  }

  readonly person: Principal;
  readonly roomId: string;
  readonly slug: string;
  readonly role: RoomRole;
  /** The admission of somebody who is inside; undefined where presence was not asked. */
  readonly joinId: string | undefined;
  readonly permissions: readonly Permission[];
  private readonly asked: readonly Permission[];

  private constructor({ person, asked }: GrantQuestion, { roomId, slug, role, joinId, permissions }: GrantFacts) {
    this.person = person;
    this.asked = asked;
    this.roomId = roomId;
    this.slug = slug;
    this.role = role;
    this.joinId = joinId;
    this.permissions = permissions;
  }

  may(permission: Permission): boolean {
    return this.permissions.includes(permission);
  }

  /** Refuses what is not granted: PERMISSION_DENIED. */
  require(permission: Permission): void {
    if (!this.may(permission)) throw new DomainError('PERMISSION_DENIED');
  }

  /** What the person may do to somebody; see `over` in the table. */
  over({ userId, role }: GrantTarget): readonly Permission[] {
    return permissionsOver(this.permissions, { role, self: userId === this.person.userId });
  }

  /** Refuses what may not be done to this person: PERMISSION_DENIED. */
  requireOver(permission: Permission, target: GrantTarget): void {
    if (!this.over(target).includes(permission)) throw new DomainError('PERMISSION_DENIED');
  }

  /** The door's decision once more, over what the person may do now: null where they are nobody there any longer. */
  requireStill(permissions: readonly Permission[] | null): void {
    decide(this.asked, permissions);
  }
}

/**
 * Where a service finds out what a person may do in a room; the bus server asks it before every handler that declares a
 * permission. A service that declares one and provides no source does not start.
 */
export abstract class GrantSource {
  /** What the person may do in that room now. Null where they are nobody there, and where there is no such room: the two answer alike. */
  protected abstract find(question: GrantQuestion): Promise<GrantFacts | null>;

  /** The proof, or a refusal: NOT_FOUND or NOT_PRESENT for strangers, PERMISSION_DENIED for those who lack the right. */
  async prove(question: GrantQuestion): Promise<Grant> {
    const facts = await this.find(question);
    decide(question.asked, facts?.permissions ?? null);
    if (!facts || (question.inside && facts.joinId === undefined)) throw new DomainError('NOT_PRESENT');
    return issue(question, facts);
  }
}

/** The one decision, at the door and under a lock. Who is nobody there does not learn whether there is such a room. */
function decide(asked: readonly Permission[], held: readonly Permission[] | null): void {
  if (held === null) throw new DomainError(asked.some(needsPresence) ? 'NOT_PRESENT' : 'NOT_FOUND');
  if (!asked.some((permission) => held.includes(permission))) throw new DomainError('PERMISSION_DENIED');
}
