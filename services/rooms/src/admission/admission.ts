import type { RoomRole, StayEnd } from '@conclave/contracts';
import { defineEntity, p } from '@mikro-orm/core';
import type { Admitted } from './admission-decision.js';

/** Why an admission ended. */
export type AdmissionEnd = StayEnd;

/** A participant that belongs to no person but to a room: named, visible, and let in by rooms itself. */
export type ServiceParticipant = 'recorder' | 'transcriber';

const schema = defineEntity({
  name: 'Admission',
  tableName: 'admission',
  properties: {
    /** 128 random bits: the participant's identity at the media server, and the handle for revocation. */
    joinId: p.text().primary(),
    roomId: p.uuid(),
    /** Where it leads at the media server; null in admissions of the release before, which mean the room's own id. */
    mediaRoomId: p.uuid().nullable(),
    meetingId: p.uuid(),
    /** Null for a service. */
    userId: p.uuid().nullable(),
    /** Set for a participant that is no person but belongs to the room. */
    service: p.text().$type<ServiceParticipant>().nullable(),
    /** The session that was admitted; empty for a personal token. */
    sessionId: p.text(),
    /** The credential it was made under: the session, or the personal token; null for a service and in those of the release before. */
    credentialId: p.text().nullable(),
    role: p.text().$type<RoomRole>(),
    displayName: p.text(),
    /** When the media server last said ACTIVE; null before the first time and after a clean leave. */
    lastActiveAt: p.datetime().nullable(),
    /** When the participant was last seen at all, for tidying up. */
    lastSeenAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
    revokedReason: p.text().$type<AdmissionEnd>().nullable(),
    /** Position in the trace of the request that was admitted; null where nothing is traced. */
    traceparent: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** What an admission is made from. */
export interface NewAdmission {
  readonly joinId: string;
  readonly roomId: string;
  readonly mediaRoomId: string;
  readonly meetingId: string;
  readonly userId: string | null;
  readonly service?: ServiceParticipant;
  readonly sessionId: string;
  readonly credentialId?: string;
  readonly displayName: string;
  readonly traceparent?: string | null;
}

declare const live: unique symbol;

/** An admission that was found to hold for the person who asks; only `holdsFor` says so, and no token is minted for anything else. */
export type LiveAdmission = Admission & { readonly [live]: true };

/** One person's right to be in one meeting through one connection. */
export class Admission extends schema.class {
  /** There is none without the decision. */
  static grant(decision: Admitted, facts: NewAdmission, now: Date): Admission {
    const admission = new Admission();
    Object.assign(admission, { traceparent: null, service: null, credentialId: null, ...facts });
    admission.role = decision.role;
    admission.lastActiveAt = null;
    admission.lastSeenAt = now;
    admission.revokedAt = null;
    admission.revokedReason = null;
    admission.createdAt = now;
    admission.updatedAt = now;
    return admission;
  }

  /** What the media server calls the room it leads to. */
  get mediaRoom(): string {
    return this.mediaRoomId ?? this.roomId;
  }

  /** Whether it is this person's, through this session, and holds. */
  holdsFor(principal: { userId: string; sessionId: string }): this is LiveAdmission {
    return this.revokedAt === null && this.userId === principal.userId && this.sessionId === principal.sessionId;
  }
}
schema.setClass(Admission);
