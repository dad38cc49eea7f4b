import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { defineEntity, p } from '@mikro-orm/core';
import type { HostsWord } from '../admission/admission-decision.js';

/** What became of asking a host to be let in. */
export type EntryRequestState = 'waiting' | 'admitted' | 'denied' | 'expired' | 'cancelled';

/** As it travels. */
export const requestStateToWire: Record<EntryRequestState, rooms.EntryRequestState> = {
  waiting: rooms.EntryRequestState.WAITING,
  admitted: rooms.EntryRequestState.ADMITTED,
  denied: rooms.EntryRequestState.DENIED,
  expired: rooms.EntryRequestState.EXPIRED,
  cancelled: rooms.EntryRequestState.CANCELLED,
};

/** How long a host may take to answer, and an admitted person to come in. */
export const requestLeaseMs = 10 * 60_000;

/** Whoever has not asked for so long has closed the page. Browsers slow down what is not in front to one call a minute. */
export const hereMs = 90_000;

/** How long a no holds before the same person may ask again. */
export const denialMs = 5 * 60_000;

const schema = defineEntity({
  name: 'EntryRequest',
  tableName: 'entry_request',
  properties: {
    id: p.uuid().primary(),
    roomId: p.uuid(),
    userId: p.uuid(),
    /** The name auth vouched for. */
    displayName: p.text(),
    /** Whether the person's address was proven when they asked. */
    verified: p.boolean(),
    state: p.text().$type<EntryRequestState>(),
    /** Until when an answer may come, or an admitted person may come in. */
    expiresAt: p.datetime(),
    /** When the person last showed that they still wait. */
    seenAt: p.datetime(),
    decidedBy: p.uuid().nullable(),
    decidedAt: p.datetime().nullable(),
    /** When the person came in by it. */
    usedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Who asks, and where. */
export interface NewEntryRequest {
  readonly id: string;
  readonly roomId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly verified: boolean;
}

/** One person's wish to be let in by a host. At most one of a person in a room waits. */
export class EntryRequest extends schema.class {
  static ask(facts: NewEntryRequest, now: Date): EntryRequest {
    const request = new EntryRequest();
    Object.assign(request, facts);
    request.state = 'waiting';
    request.expiresAt = new Date(now.getTime() + requestLeaseMs);
    request.seenAt = now;
    request.decidedBy = null;
    request.decidedAt = null;
    request.usedAt = null;
    request.createdAt = now;
    request.updatedAt = now;
    return request;
  }

  /** What became of it: without an answer, and without coming in after one, it is over by itself. */
  stateAt(now: Date): EntryRequestState {
    const over = this.expiresAt <= now && this.usedAt === null;
    return over && (this.state === 'waiting' || this.state === 'admitted') ? 'expired' : this.state;
  }

  /** What the admission decision makes of it. */
  wordAt(now: Date): HostsWord {
    const state = this.stateAt(now);
    if (state === 'waiting') return 'waiting';
    if (state === 'admitted') return this.usedAt === null ? 'admitted' : 'none';
    if (state === 'denied' && now.getTime() - (this.decidedAt?.getTime() ?? 0) < denialMs) return 'denied';
    return 'none';
  }

  /** The person is still there. */
  see(now: Date): void {
    this.seenAt = now;
  }

  /**
   * A host's word. The first one holds: saying the same again changes nothing.
   *
   * @returns whether this one is the first
   * @throws DomainError CONFLICT where somebody said otherwise, or the person waits no longer
   */
  decide(word: 'admitted' | 'denied', hostId: string, now: Date): boolean {
    const state = this.stateAt(now);
    if (state === word) return false;
    if (state !== 'waiting') throw new DomainError('CONFLICT');
    this.state = word;
    this.decidedBy = hostId;
    this.decidedAt = now;
    this.expiresAt = new Date(now.getTime() + requestLeaseMs);
    this.updatedAt = now;
    return true;
  }

  /** The person waits no longer; nor does one whom nobody answered. */
  close(now: Date): void {
    if (this.state !== 'waiting') return;
    this.state = this.expiresAt <= now ? 'expired' : 'cancelled';
    this.updatedAt = now;
  }

  /** The person came in by it; it lets nobody in a second time. */
  use(now: Date): void {
    if (this.wordAt(now) !== 'admitted') return;
    this.usedAt = now;
    this.updatedAt = now;
  }
}
schema.setClass(EntryRequest);
