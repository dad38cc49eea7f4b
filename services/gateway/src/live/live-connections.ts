import { stayEndFromWire, type common, type StayEnd } from '@conclave/contracts';
import { DomainError, type ErrorReason } from '@conclave/errors';

/** Something long-lived that a person holds open through us: a socket, a media connection, a stream of a file, a question at a door. */
export type LiveKind = 'events' | 'live' | 'media' | 'upload' | 'download' | 'waiting';

/** Whose it is and what it is. */
export interface LiveClaim {
  readonly kind: LiveKind;
  readonly userId: string;
  /** The session or the personal token that it was opened with. */
  readonly credentialId: string;
}

/** One connection of one meeting. */
export interface Admission {
  readonly roomId: string;
  readonly joinId: string;
}

/** Why a connection is cut. */
export type CutReason = 'signed-out' | 'not-present' | 'restarting';

/** What somebody is told whose request was cut before it was answered. */
export const refusalOfCut: Readonly<Record<CutReason, ErrorReason>> = {
  'signed-out': 'UNAUTHENTICATED',
  'not-present': 'NOT_PRESENT',
  restarting: 'UNAVAILABLE',
};

/** Ends a connection at once; `ended` is how the stay behind it ended, where that is known. */
export type Cut = (why: CutReason, ended?: StayEnd) => void;

/** As many of a kind as one person may hold at once: a few tabs on a few devices, a player's ranges, a folder that is dropped. */
export const mostPerPerson: Readonly<Record<LiveKind, number>> = {
  events: 24,
  live: 24,
  media: 16,
  upload: 32,
  download: 24,
  // Browsers open six connections to one origin: a few tabs that wait must leave some for the rest.
  waiting: 3,
};

const retryAfterSeconds = 5;

type PresenceRevoked = Pick<common.PresenceRevoked, 'roomId' | 'joinIds' | 'userIds'> &
  Partial<Pick<common.PresenceRevoked, 'reason'>>;
type CredentialRevoked = Pick<common.SessionRevoked, 'userId' | 'sessionIds'>;
type Revocation =
  | { readonly kind: 'presence'; readonly at: number; readonly what: PresenceRevoked }
  | { readonly kind: 'credential'; readonly at: number; readonly what: CredentialRevoked };

const remembered = 4096;

/** The place of one connection, taken before anything is asked about it and held until it is released or cut. */
export class LivePlace implements LiveClaim {
  readonly kind: LiveKind;
  readonly userId: string;
  readonly credentialId: string;
  /** Set where the connection stands on an admission. */
  admission: Admission | undefined;
  private end: Cut | undefined;
  private cutFor: Parameters<Cut> | undefined;

  constructor(
    { kind, userId, credentialId }: LiveClaim,
    private readonly places: {
      readonly overtaking: (place: LivePlace) => Parameters<Cut> | undefined;
      readonly release: (place: LivePlace) => void;
    },
  ) {
    this.kind = kind;
    this.userId = userId;
    this.credentialId = credentialId;
  }

  /** Why it must not be open any more, where somebody has said so. */
  get over(): CutReason | undefined {
    return this.cutFor?.[0];
  }

  /** How it is ended at once; where that was said before this was known, it ends now. */
  whenCut(end: Cut): void {
    this.end = end;
    if (this.cutFor) end(...this.cutFor);
  }

  /** It stands on this admission from now on; false when it is over: a revocation overtook the decision. */
  standOn(admission: Admission): boolean {
    this.admission = admission;
    const overtaking = this.places.overtaking(this);
    if (overtaking) this.cut(...overtaking);
    return this.cutFor === undefined;
  }

  /** Ends it. */
  cut(...why: Parameters<Cut>): void {
    if (this.cutFor) return;
    this.cutFor = why;
    this.release();
    this.end?.(...why);
  }

  /** Gives the place back; more than once is once. */
  release(): void {
    this.places.release(this);
  }
}

/** Everything open that a revocation must end at once, and how much of it one person may hold. */
export class LiveConnections {
  private readonly open = new Set<LivePlace>();
  /** The latest revocations: one may arrive between the decision to let somebody in and their registration here. */
  private recent: Revocation[] = [];
  private heard = 0;

  /** Taken before asking whether somebody may come in. */
  mark(): number {
    return this.heard;
  }

  /**
   * Takes a place, before anything else is asked: counts and registers in one step, so that of many at once no more get in than may.
   * Whoever gets it releases it on every way out.
   *
   * @param mark taken before the caller was asked who they are; without it what has been heard until now is known to them
   * @throws DomainError RATE_LIMITED when the person holds as many as they may, UNAUTHENTICATED when their credential ended meanwhile
   */
  reserve(claim: LiveClaim, mark = this.mark()): LivePlace {
    if (this.count(claim.kind, claim.userId) >= mostPerPerson[claim.kind])
      throw new DomainError('RATE_LIMITED', { retryAfterSeconds });
    const place: LivePlace = new LivePlace(claim, {
      overtaking: (asking) => this.overtaking(asking, mark),
      release: (over) => this.open.delete(over),
    });
    if (this.overtaking(place, mark)) throw new DomainError('UNAUTHENTICATED');
    this.open.add(place);
    return place;
  }

  /** People lost their place in a room. */
  presenceRevoked(what: PresenceRevoked): void {
    this.apply({ kind: 'presence', at: ++this.heard, what });
  }

  /** Credentials of a person ended: sessions, personal tokens. */
  credentialRevoked(what: CredentialRevoked): void {
    this.apply({ kind: 'credential', at: ++this.heard, what });
  }

  /** How many of a kind one person holds, or everybody. To let somebody in by it, `reserve`. */
  count(kind: LiveKind, userId?: string): number {
    let count = 0;
    for (const live of this.open) if (live.kind === kind && (userId === undefined || live.userId === userId)) count++;
    return count;
  }

  /** All, for draining. */
  all(): readonly LivePlace[] {
    return [...this.open];
  }

  /** How what was revoked since `mark` ends it. More were heard than are remembered: we cannot know, so nobody comes in. */
  private overtaking(place: LivePlace, mark: number): Parameters<Cut> | undefined {
    if (this.heard - mark > this.recent.length) return ['not-present'];
    const hit = this.recent.find((revocation) => revocation.at > mark && hits(revocation, place));
    return hit && endBy(hit);
  }

  private apply(revocation: Revocation): void {
    this.recent.push(revocation);
    if (this.recent.length > remembered) this.recent = this.recent.slice(-remembered / 2);
    for (const place of [...this.open]) if (hits(revocation, place)) place.cut(...endBy(revocation));
  }
}

/** What a revocation is to a connection that it hits. */
function endBy(revocation: Revocation): Parameters<Cut> {
  if (revocation.kind === 'credential') return ['signed-out', 'session_ended'];
  return ['not-present', stayEndFromWire(revocation.what.reason ?? 0)];
}

function hits(revocation: Revocation, { userId, credentialId, admission }: LivePlace): boolean {
  if (revocation.kind === 'credential') {
    const { what } = revocation;
    if (what.sessionIds.length === 0) return what.userId === userId;
    return credentialId !== '' && what.sessionIds.includes(credentialId);
  }
  const { roomId, joinIds, userIds } = revocation.what;
  if (!admission || admission.roomId !== roomId) return false;
  const joinHit = joinIds.length === 0 || joinIds.includes(admission.joinId);
  const userHit = userIds.length === 0 || userIds.includes(userId);
  return joinHit && userHit;
}
