import { DomainError } from '@conclave/errors';
import type { Clock } from '@conclave/platform';
import { RateLimiter, type RateLimit } from '@conclave/platform';

/** What a route costs; each class has a bucket of its own per person, or per address for whoever has no session. */
export const limitClasses = {
  /** Looking at things. */
  read: { burst: 120, perSecond: 20 },
  /** Changing things. */
  write: { burst: 60, perSecond: 5 },
  /** Making accounts; per address. */
  'sign-up': { burst: 40, perSecond: 1 / 3 },
  /** Guessing passwords; per address and account, so that nobody uses up the tries of others behind their address. */
  'sign-in': { burst: 20, perSecond: 1 / 6 },
  /** Proving oneself with a password or a code. */
  prove: { burst: 20, perSecond: 1 / 2 },
  /** Sending files: two hundred small ones are dropped at once, and each is a request. */
  upload: { burst: 240, perSecond: 4 },
  /** Reading files, by range too. */
  content: { burst: 240, perSecond: 40 },
} as const satisfies Record<string, RateLimit>;

/** A class of routes. */
export type LimitClass = keyof typeof limitClasses;

/** Everything that comes from one address without a session that we know: many people sit behind one address. */
const perAddress = {
  request: { burst: 1200, perSecond: 200 },
  socket: { burst: 120, perSecond: 10 },
  /** Passwords that are looked at, whoever's: each costs a hash. */
  'sign-in': { burst: 600, perSecond: 10 },
} as const satisfies Record<string, RateLimit>;

/** Everything that comes with one session, wherever from. */
const perSession = {
  request: { burst: 600, perSecond: 100 },
  socket: { burst: 120, perSecond: 5 },
} as const satisfies Record<string, RateLimit>;

/** Who asks: whoever has a session that we know is counted by it, and by their address only who has none. */
export interface Asker {
  readonly address: string;
  /** The session or personal token. */
  readonly session?: string | undefined;
}

/**
 * Counts and refuses. In this process only: the bound over all replicas is the limit times their number. What guards guesses at
 * secrets is counted in Postgres, by auth and rooms.
 */
export class RateLimits {
  private readonly classes: Record<LimitClass, RateLimiter>;
  private readonly addresses: Record<keyof typeof perAddress, RateLimiter>;
  private readonly sessions: Record<keyof typeof perSession, RateLimiter>;

  constructor(clock: Clock, scale: number) {
    this.classes = limiters(clock, limitClasses, scale);
    this.addresses = limiters(clock, perAddress, scale);
    this.sessions = limiters(clock, perSession, scale);
  }

  /** One request or socket, before anything else is asked. @throws DomainError RATE_LIMITED */
  ask(kind: keyof typeof perSession, { address, session }: Asker): void {
    refuse(session === undefined ? this.addresses[kind].take(address) : this.sessions[kind].take(session));
  }

  /** One sign-in to an account. @throws DomainError RATE_LIMITED */
  signIn(address: string, account: string): void {
    // The account first: tries that are refused for it use up nothing of the address.
    this.take('sign-in', `${address} ${account}`);
    refuse(this.addresses['sign-in'].take(address));
  }

  /** One call of a class. @throws DomainError RATE_LIMITED */
  take(limit: LimitClass, key: string): void {
    refuse(this.classes[limit].take(key));
  }
}

function limiters<Name extends string>(
  clock: Clock,
  limits: Readonly<Record<Name, RateLimit>>,
  scale: number,
): Record<Name, RateLimiter> {
  const entries = (Object.entries(limits) as [Name, RateLimit][]).map(([name, { burst, perSecond }]) => [
    name,
    new RateLimiter(clock, { burst: Math.max(1, burst * scale), perSecond: perSecond * scale }),
  ]);
  return Object.fromEntries(entries) as Record<Name, RateLimiter>;
}

function refuse({ allowed, retryAfterSeconds }: { allowed: boolean; retryAfterSeconds: number }): void {
  if (!allowed) throw new DomainError('RATE_LIMITED', { retryAfterSeconds });
}
