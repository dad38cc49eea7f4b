import { defineEntity, p } from '@mikro-orm/core';
import type { Device } from '../device/device.js';

const schema = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    tokenDigest: p.blob().unique(),
    userAgent: p.text(),
    clientAddress: p.text(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    lastSeenAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    /** When its person was last proven, by sign-in or anew; null for those of the release before. */
    provenAt: p.datetime().nullable(),
  },
});

/** How long sessions live, in seconds. */
export interface SessionLifetime {
  /** Without use. */
  readonly idle: number;
  /** However busy. */
  readonly absolute: number;
}

/** One place where a person is signed in. An ended one stays a while, so that its device is known at the next sign-in. */
export class Session extends schema.class {
  static open(facts: {
    id: string;
    userId: string;
    tokenDigest: Buffer;
    device: Device;
    lifetime: SessionLifetime;
    now: Date;
  }): Session {
    const session = new Session();
    session.id = facts.id;
    session.userId = facts.userId;
    session.tokenDigest = facts.tokenDigest;
    session.userAgent = facts.device.userAgent;
    session.clientAddress = facts.device.address;
    session.createdAt = facts.now;
    session.updatedAt = facts.now;
    session.lastSeenAt = toTheMinute(facts.now);
    session.expiresAt = new Date(facts.now.getTime() + facts.lifetime.absolute * 1000);
    session.endedAt = null;
    session.provenAt = facts.now;
    return session;
  }

  /** Whether it still stands for its person. */
  isLive(now: Date, lifetime: SessionLifetime): boolean {
    return isLive(this, now, lifetime);
  }

  /** Its person has proven themselves again. */
  prove(now: Date): void {
    this.provenAt = now;
    this.updatedAt = now;
  }

  /** Ends it for good. */
  end(now: Date): void {
    this.endedAt = now;
    this.updatedAt = now;
  }
}
schema.setClass(Session);

/** The one rule of a session's life: not ended, used lately, not too old. */
export function isLive(
  session: { endedAt?: Date | null; lastSeenAt: Date; expiresAt: Date },
  now: Date,
  lifetime: SessionLifetime,
): boolean {
  if (session.endedAt) return false;
  if (session.expiresAt <= now) return false;
  return session.lastSeenAt.getTime() + lifetime.idle * 1000 > now.getTime();
}

/** The start of the minute: last use is kept no finer, so that a busy session costs one write a minute. */
export const toTheMinute = (time: Date): Date => new Date(Math.floor(time.getTime() / 60_000) * 60_000);
