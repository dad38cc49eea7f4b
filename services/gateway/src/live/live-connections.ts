import { stayEndFromWire, type common, type StayEnd } from '@conclave/contracts';

/** Something long-lived that a person holds open through us: a socket, a media connection, a download. */
export interface LiveConnection {
  readonly kind: 'events' | 'live' | 'media' | 'upload' | 'download';
  readonly userId: string;
  /** Empty for a personal token. */
  readonly sessionId: string;
  /** Set where the connection stands on an admission. */
  readonly admission?: { readonly roomId: string; readonly joinId: string };
  /** Ends it at once; `ended` is how the stay behind it ended, where that is known. */
  readonly cut: (why: CutReason, ended?: StayEnd) => void;
}

/** Why a connection is cut. */
export type CutReason = 'signed-out' | 'not-present' | 'restarting';

type PresenceRevoked = Pick<common.PresenceRevoked, 'roomId' | 'joinIds' | 'userIds'> &
  Partial<Pick<common.PresenceRevoked, 'reason'>>;
type SessionRevoked = Pick<common.SessionRevoked, 'userId' | 'sessionIds'>;
type Revocation =
  | { readonly kind: 'presence'; readonly at: number; readonly what: PresenceRevoked }
  | { readonly kind: 'session'; readonly at: number; readonly what: SessionRevoked };

const remembered = 4096;

/** Everything open that a revocation must end at once. */
export class LiveConnections {
  private readonly open = new Set<LiveConnection>();
  /** The latest revocations: one may arrive between the decision to let somebody in and their registration here. */
  private recent: Revocation[] = [];
  private heard = 0;

  /** Taken before asking whether somebody may come in. */
  mark(): number {
    return this.heard;
  }

  /**
   * Registers what was allowed since `mark`. Undefined when a revocation overtook the decision: the connection must not
   * open. Otherwise the function that takes it out again.
   */
  admit(connection: LiveConnection, mark: number): (() => void) | undefined {
    const since = this.recent.filter(({ at }) => at > mark);
    // More were heard than are remembered: we cannot know, so nobody comes in.
    const unsure = this.heard - mark > this.recent.length;
    if (unsure || since.some((revocation) => hits(revocation, connection))) return undefined;
    this.open.add(connection);
    return () => this.open.delete(connection);
  }

  /** People lost their place in a room. */
  presenceRevoked(what: PresenceRevoked): void {
    this.apply({ kind: 'presence', at: ++this.heard, what });
  }

  /** A person's sessions ended. */
  sessionRevoked(what: SessionRevoked): void {
    this.apply({ kind: 'session', at: ++this.heard, what });
  }

  /** How many of a kind one person holds, or everybody. */
  count(kind: LiveConnection['kind'], userId?: string): number {
    let count = 0;
    for (const live of this.open) if (live.kind === kind && (userId === undefined || live.userId === userId)) count++;
    return count;
  }

  /** All, for draining. */
  all(): readonly LiveConnection[] {
    return [...this.open];
  }

  private apply(revocation: Revocation): void {
    this.recent.push(revocation);
    if (this.recent.length > remembered) this.recent = this.recent.slice(-remembered / 2);
    for (const connection of this.open) {
      if (!hits(revocation, connection)) continue;
      this.open.delete(connection);
      if (revocation.kind === 'session') connection.cut('signed-out', 'session_ended');
      else connection.cut('not-present', stayEndFromWire(revocation.what.reason ?? 0));
    }
  }
}

function hits(revocation: Revocation, { userId, sessionId, admission }: LiveConnection): boolean {
  if (revocation.kind === 'session') {
    const { what } = revocation;
    if (what.sessionIds.length === 0) return what.userId === userId;
    return sessionId !== '' && what.sessionIds.includes(sessionId);
  }
  const { roomId, joinIds, userIds } = revocation.what;
  if (!admission || admission.roomId !== roomId) return false;
  const joinHit = joinIds.length === 0 || joinIds.includes(admission.joinId);
  const userHit = userIds.length === 0 || userIds.includes(userId);
  return joinHit && userHit;
}
