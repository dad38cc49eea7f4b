import { generateKeyPairSync } from 'node:crypto';
import { DomainError } from '@conclave/errors';
import type { Outbox, OutboxEvent, Transaction } from '@conclave/persistence';
import { FixedClock, Ids, Metrics } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { JwtService } from '@nestjs/jwt';
import { AuthAudit, type AuthEvent } from '../src/audit/auth-audit.js';
import { Allowances } from '../src/credentials/allowances.js';
import { PasswordHasher } from '../src/credentials/password-hasher.js';
import type { PasswordCredential } from '../src/credentials/password-credential.js';
import type { PasswordCredentials } from '../src/credentials/password-credentials.js';
import type { Password } from '../src/credentials/password.js';
import { PasswordProof } from '../src/credentials/password-proof.js';
import { Throttle, type Allowance } from '../src/credentials/throttle.js';
import { ThrottledCheck } from '../src/credentials/throttled-check.js';
import { TokenDigest } from '../src/credentials/token-digest.js';
import { AuthMetrics } from '../src/metrics/auth-metrics.js';
import { readDisplayName } from '../src/people/display-name.js';
import { readEmailAddress } from '../src/people/email-address.js';
import type { People } from '../src/people/people.js';
import { Person } from '../src/people/person.js';
import { PersonalTokenIssue } from '../src/personal-tokens/personal-token-issue.js';
import type { PersonalToken } from '../src/personal-tokens/personal-token.js';
import type { PersonalTokens } from '../src/personal-tokens/personal-tokens.js';
import type { Device } from '../src/sessions/device.js';
import { LiveSessions, type SessionWithPerson } from '../src/sessions/live-sessions.js';
import { SessionAnnouncer, SessionEnding } from '../src/sessions/session-ending.js';
import { SessionLimits } from '../src/sessions/session-limits.js';
import { SessionOpening } from '../src/sessions/session-opening.js';
import { isLive, type Session, type SessionLifetime } from '../src/sessions/session.js';
import type { Sessions } from '../src/sessions/sessions.js';
import { PrincipalTokens } from '../src/signing-keys/principal-tokens.js';
import { SigningKeys } from '../src/signing-keys/signing-keys.js';

/** Stands for the entity manager: the collections below keep everything themselves. */
const em = {} as EntityManager;

/** Hashes by writing `hashed:` in front, and counts what it is asked. */
class PlainHasher extends PasswordHasher {
  hashes = 0;
  verifications = 0;
  busy = false;

  override hash(password: Password): Promise<string> {
    this.hashes++;
    return Promise.resolve(`hashed:${password}`);
  }

  override verify(password: Password, hash: string | undefined): Promise<boolean> {
    if (this.busy) return Promise.reject(new DomainError('BUSY', { retryAfterSeconds: 1 }));
    this.verifications++;
    return Promise.resolve(hash === `hashed:${password}`);
  }
}

/** Counts in memory and blocks without end once an allowance is used up. */
class CountingThrottle extends Throttle {
  private readonly attempts = new Map<string, number>();

  override take({ key, limit }: Allowance): Promise<void> {
    const made = this.attempts.get(key.toString('hex')) ?? 0;
    if (made >= limit.free) return Promise.reject(new DomainError('RATE_LIMITED', { retryAfterSeconds: 1 }));
    this.attempts.set(key.toString('hex'), made + 1);
    return Promise.resolve();
  }

  override giveBack({ key }: Allowance): Promise<void> {
    const made = this.attempts.get(key.toString('hex')) ?? 0;
    this.attempts.set(key.toString('hex'), Math.max(made - 1, 0));
    return Promise.resolve();
  }

  override forget({ key }: Allowance): Promise<void> {
    this.attempts.delete(key.toString('hex'));
    return Promise.resolve();
  }

  countOf({ key }: Allowance): number {
    return this.attempts.get(key.toString('hex')) ?? 0;
  }
}

class RecordedAudit extends AuthAudit {
  readonly events: AuthEvent[] = [];
  override record(_em: EntityManager, event: AuthEvent): Promise<void> {
    this.events.push(event);
    return Promise.resolve();
  }
  get actions(): string[] {
    return this.events.map(({ action }) => action);
  }
}

class RecordedAnnouncer extends SessionAnnouncer {
  readonly ends: { userId: string; sessionIds: readonly string[] }[] = [];
  override ended(_em: EntityManager, userId: string, sessionIds: readonly string[]): Promise<void> {
    this.ends.push({ userId, sessionIds });
    return Promise.resolve();
  }
}

class PeopleInMemory implements People {
  readonly all: Person[] = [];
  add(_em: EntityManager, person: Person): void {
    if (this.all.some(({ emailKey }) => emailKey === person.emailKey)) throw uniqueViolation();
    this.all.push(person);
  }
  byId(_em: EntityManager, id: string) {
    return Promise.resolve(this.all.find((person) => person.id === id) ?? null);
  }
  byIdForChange(_em: EntityManager, id: string) {
    return this.byId(_em, id);
  }
  byEmailKey(_em: EntityManager, key: string) {
    return Promise.resolve(this.all.find((person) => person.emailKey === key) ?? null);
  }
  byIds(_em: EntityManager, ids: readonly string[]) {
    return Promise.resolve(this.all.filter((person) => ids.includes(person.id)));
  }
}

/** As Postgres says it. */
const uniqueViolation = () =>
  Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'user_email_key_unique' });

class CredentialsInMemory implements PasswordCredentials {
  readonly all: PasswordCredential[] = [];
  add(_em: EntityManager, credential: PasswordCredential): void {
    this.all.push(credential);
  }
  ofUser(_em: EntityManager, userId: string) {
    return Promise.resolve(this.all.find((credential) => credential.userId === userId) ?? null);
  }
}

class SessionsInMemory extends LiveSessions implements Sessions {
  readonly all: Session[] = [];
  touches = 0;
  constructor(private readonly people: PeopleInMemory) {
    super();
  }
  add(_em: EntityManager, session: Session): void {
    this.all.push(session);
  }
  ofUserForChange(_em: EntityManager, userId: string, id: string) {
    return Promise.resolve(this.all.find((session) => session.id === id && session.userId === userId) ?? null);
  }
  liveOf(
    _em: EntityManager,
    userId: string,
    now: Date,
    lifetime: SessionLifetime,
    page: { limit: number; offset?: number },
  ) {
    const live = this.all.filter((session) => session.userId === userId && isLive(session, now, lifetime)).reverse();
    return Promise.resolve(live.slice(page.offset ?? 0, (page.offset ?? 0) + page.limit));
  }
  knowsDevice(_em: EntityManager, userId: string, device: Device, since: Date) {
    return Promise.resolve(
      this.all.some(
        (session) =>
          session.userId === userId &&
          session.clientAddress === device.address &&
          session.userAgent === device.userAgent &&
          session.lastSeenAt > since,
      ),
    );
  }
  removeUnusedSince(_em: EntityManager, userId: string, since: Date): Promise<void> {
    const kept = this.all.filter((session) => session.userId !== userId || session.lastSeenAt >= since);
    this.all.splice(0, this.all.length, ...kept);
    return Promise.resolve();
  }
  override byDigest(digest: Buffer): Promise<SessionWithPerson | undefined> {
    const session = this.all.find(({ tokenDigest }) => digest.equals(tokenDigest));
    const person = this.people.all.find(({ id }) => id === session?.userId);
    if (!session || !person) return Promise.resolve(undefined);
    const { displayName, email, emailVerified } = person;
    const { id: sessionId, userId, lastSeenAt, expiresAt } = session;
    const endedAt = session.endedAt ?? null;
    return Promise.resolve({ sessionId, userId, displayName, email, emailVerified, endedAt, lastSeenAt, expiresAt });
  }
  override touch(sessionId: string, minute: Date): Promise<void> {
    this.touches++;
    const session = this.all.find(({ id }) => id === sessionId);
    if (session) session.lastSeenAt = minute;
    return Promise.resolve();
  }
}

class PersonalTokensInMemory implements PersonalTokens {
  readonly all: PersonalToken[] = [];
  add(_em: EntityManager, token: PersonalToken): void {
    this.all.push(token);
  }
  ofUser(_em: EntityManager, userId: string) {
    return Promise.resolve(this.all.find((token) => token.userId === userId) ?? null);
  }
  ofUserForChange(_em: EntityManager, userId: string) {
    return this.ofUser(_em, userId);
  }
  byDigest(_em: EntityManager, digest: Buffer) {
    return Promise.resolve(this.all.find((token) => digest.equals(token.digest)) ?? null);
  }
}

class RecordedOutbox {
  readonly events: OutboxEvent[] = [];
  add(_em: EntityManager, type: string, payload: OutboxEvent['payload']): Promise<void> {
    this.events.push({ type, payload });
    return Promise.resolve();
  }
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** All that use cases work with, in memory, with a clock that stands still. */
export function world(lifetime: SessionLifetime = { idle: 12 * 3600, absolute: 7 * 24 * 3600 }) {
  const clock = new FixedClock('2026-11-23T12:00:30.000Z');
  const ids = new Ids(clock);
  const digest = new TokenDigest(Buffer.alloc(32, 7));
  const metrics = new AuthMetrics(new Metrics('auth'), clock);
  const transaction = {
    run: <T>(work: (manager: EntityManager) => Promise<T>) => work(em),
  } as unknown as Transaction;
  const people = new PeopleInMemory();
  const credentials = new CredentialsInMemory();
  const sessions = new SessionsInMemory(people);
  const tokens = new PersonalTokensInMemory();
  const hasher = new PlainHasher();
  const throttle = new CountingThrottle();
  const audit = new RecordedAudit();
  const announcer = new RecordedAnnouncer();
  const recorded = new RecordedOutbox();
  const limits = new SessionLimits(lifetime.idle, lifetime.absolute);
  const ending = new SessionEnding(announcer, clock);
  const opening = new SessionOpening(sessions, ending, digest, limits, clock, ids);
  const issue = new PersonalTokenIssue(tokens, digest, clock, ids);
  const check = new ThrottledCheck(throttle, metrics);
  const keys = new SigningKeys(privateKey);
  const principals = new PrincipalTokens(new JwtService({}), keys, clock, ids);
  const person = (facts: { email?: string; displayName?: string } = {}): Person => {
    const made = Person.create({
      id: ids.uuidv7(),
      email: readEmailAddress(facts.email ?? `${ids.uuidv7()}@berg-partner.example`),
      displayName: readDisplayName(facts.displayName ?? 'Marta Berg'),
      now: clock.now(),
    });
    people.add(em, made);
    return made;
  };
  return {
    em,
    clock,
    ids,
    digest,
    metrics,
    transaction,
    people,
    credentials,
    sessions,
    tokens,
    hasher,
    throttle,
    audit,
    announcer,
    events: recorded.events,
    outbox: recorded as unknown as Outbox,
    limits,
    ending,
    opening,
    issue,
    keys,
    principals,
    allowances: new Allowances(digest),
    check,
    proof: new PasswordProof(check, hasher),
    /** Adds a person. */
    person,
  };
}
