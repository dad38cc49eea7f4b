import { roleHas, type RoomRole } from '@conclave/contracts';
import type { ErrorReason } from '@conclave/errors';
import { needsCode, needsInvitation, type AccessLevel } from '../room/access-level.js';

/** What the caller is to the room before the decision. */
export type Relation =
  | 'owner'
  | 'moderator'
  /** Belongs, through an accepted invitation. */
  | 'invited-member'
  /** Belongs, without ever having been invited. */
  | 'member'
  /** Was put out by a host. */
  | 'removed'
  | 'stranger';

/** How a proof stands: brought and right, brought and wrong, not brought. */
export type Proof = 'proven' | 'wrong' | 'missing';

/**
 * What makes somebody more than a newcomer. `inside`: belongs, and was inside when newcomers began to wait or has been let in
 * since. `invited`: accepted an invitation before newcomers began to wait, or holds one that was made since.
 */
export type Welcome = 'inside' | 'invited' | 'none';

/** What a host has said to the caller's wish to be let in, and not taken back or used up since. */
export type HostsWord = 'none' | 'waiting' | 'admitted' | 'denied';

/** Every fact that the decision knows; nothing else may open the door. */
export interface EntryFacts {
  readonly session: 'live' | 'ended';
  readonly accessLevel: AccessLevel;
  readonly relation: Relation;
  /** A pending invitation for the caller's own address, made after any removal. */
  readonly invitation: boolean;
  /** Whether the room has a code at all. */
  readonly hasCode: boolean;
  readonly code: Proof;
  /** Whether the room asks for the personal token. */
  readonly asksPersonalToken: boolean;
  readonly personalToken: Proof;
  /** Whether as many people are inside as the room holds. */
  readonly full: boolean;
  /** Whether newcomers wait for a host now, as after every removal of a person. */
  readonly newcomersWait: boolean;
  readonly welcome: Welcome;
  /** Whether the account was made after newcomers began to wait: it may be the removed person's next one. */
  readonly youngAccount: boolean;
  readonly request: HostsWord;
}

/** Why somebody stays outside. */
export type EntryRefusal = Extract<
  ErrorReason,
  | 'UNAUTHENTICATED'
  | 'REMOVED_FROM_ROOM'
  | 'NOT_INVITED'
  | 'ACCESS_CODE_REQUIRED'
  | 'ACCESS_CODE_WRONG'
  | 'PERSONAL_TOKEN_REQUIRED'
  | 'PERSONAL_TOKEN_WRONG'
  | 'ROOM_FULL'
  | 'ENTRY_DENIED'
>;

declare const admitted: unique symbol;

/** Proof that the decision was taken; only `decideEntry` makes one, and a media token cannot be minted without it. */
export interface Admitted {
  readonly outcome: 'admitted';
  readonly role: RoomRole;
  readonly [admitted]: true;
}

/** The decision. `waiting`: nothing is missing but a host's word. */
export type EntryDecision =
  Admitted | { readonly outcome: 'waiting' } | { readonly outcome: 'refused'; readonly reason: EntryRefusal };

const refuse = (reason: EntryRefusal): EntryDecision => ({ outcome: 'refused', reason });

/** Whether the caller's role opens the door by itself; see `entry.bypass` in the table of permissions. */
export const bypasses = ({ relation }: Pick<EntryFacts, 'relation'>): boolean =>
  roleHas(belongs(relation) ? roleOf(relation) : null, 'entry.bypass');

/** Whether a host must let the caller in, whatever else the room asks for. */
export const needsHost = (facts: EntryFacts): boolean =>
  facts.newcomersWait &&
  !bypasses(facts) &&
  facts.request !== 'admitted' &&
  facts.welcome !== 'inside' &&
  (facts.youngAccount || facts.welcome !== 'invited');

const belongs = (relation: Relation): boolean => relation !== 'removed' && relation !== 'stranger';

/** The one admission decision; its table is docs/admission.md. The order of the rules is the order of the reasons people are told. */
export function decideEntry(facts: EntryFacts): EntryDecision {
  const bypass = bypasses(facts);
  const invited = bypass || facts.relation === 'invited-member' || facts.invitation;

  if (facts.session !== 'live') return refuse('UNAUTHENTICATED');
  if (facts.relation === 'removed' && !facts.invitation) return refuse('REMOVED_FROM_ROOM');
  if (needsInvitation(facts.accessLevel) && !invited) return refuse('NOT_INVITED');
  if (needsCode(facts.accessLevel) && !bypass) {
    // A level that asks for a code in a room without one admits nobody by code: only hosts are left.
    if (!facts.hasCode) return refuse('NOT_INVITED');
    if (facts.code === 'missing') return refuse('ACCESS_CODE_REQUIRED');
    if (facts.code !== 'proven') return refuse('ACCESS_CODE_WRONG');
  }
  if (facts.asksPersonalToken) {
    if (facts.personalToken === 'missing') return refuse('PERSONAL_TOKEN_REQUIRED');
    if (facts.personalToken !== 'proven') return refuse('PERSONAL_TOKEN_WRONG');
  }
  // A host who drops out can always come back in.
  if (facts.full && !bypass) return refuse('ROOM_FULL');
  if (needsHost(facts)) return facts.request === 'denied' ? refuse('ENTRY_DENIED') : { outcome: 'waiting' };
  return { outcome: 'admitted', role: roleOf(facts.relation) } as Admitted;
}

/** What is known when a service of the room asks. */
export interface ServiceFacts {
  /** Whether people are in a meeting there now: a service never waits in an empty room. */
  readonly meeting: boolean;
}

/** Whether a service that rooms itself sends may enter: only where a meeting is going on. It takes part and publishes nothing. */
export const decideServiceEntry = ({ meeting }: ServiceFacts): Admitted | null =>
  meeting ? ({ outcome: 'admitted', role: 'participant' } as Admitted) : null;

function roleOf(relation: Relation): RoomRole {
  switch (relation) {
    case 'owner':
    case 'moderator':
      return relation;
    case 'invited-member':
    case 'member':
    case 'removed':
    case 'stranger':
      return 'participant';
  }
}
