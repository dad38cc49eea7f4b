import { DomainError } from '@conclave/errors';
import type { Clock } from '@conclave/platform';
import { RateLimiter, type RateLimit } from '@conclave/platform';

/** What a route costs; each class has a bucket of its own per person, or per address where nobody is signed in. */
export const limitClasses = {
  /** Looking at things. */
  read: { burst: 120, perSecond: 20 },
  /** Changing things. */
  write: { burst: 60, perSecond: 5 },
  /** Making accounts; per address. */
  'sign-up': { burst: 40, perSecond: 1 / 3 },
  /** Guessing passwords; per address, auth throttles per account besides. */
  'sign-in': { burst: 40, perSecond: 1 / 3 },
  /** Proving oneself with a password or a code. */
  prove: { burst: 20, perSecond: 1 / 2 },
  /** Sending files. */
  upload: { burst: 60, perSecond: 2 },
  /** Reading files, by range too. */
  content: { burst: 240, perSecond: 40 },
} as const satisfies Record<string, RateLimit>;

/** A class of routes. */
export type LimitClass = keyof typeof limitClasses;

/** Everything one address may ask before anybody looks at who it is: many people sit behind one address. */
const perAddress = {
  request: { burst: 1200, perSecond: 200 },
  socket: { burst: 120, perSecond: 10 },
} as const satisfies Record<string, RateLimit>;

/** Counts and refuses. In this process only: the bound over all replicas is the limit times their number. */
export class RateLimits {
  private readonly classes: Record<LimitClass, RateLimiter>;
  private readonly addresses: Record<keyof typeof perAddress, RateLimiter>;

  constructor(clock: Clock, scale: number) {
    this.classes = limiters(clock, limitClasses, scale);
    this.addresses = limiters(clock, perAddress, scale);
  }

  /** One request or socket from an address. @throws DomainError RATE_LIMITED */
  takeAddress(kind: keyof typeof perAddress, key: string): void {
    refuse(this.addresses[kind].take(key));
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
