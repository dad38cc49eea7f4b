import type { Permission, RoomRole } from '@conclave/contracts';

/** Whose presence is asked, and where; the room by link or by id. */
export interface PresenceQuestion {
  readonly room: { readonly slug: string } | { readonly id: string };
  /** Empty when a service is asked for. */
  readonly userId: string;
  /** A service that belongs to the room, such as `recorder`; empty or left out for a person. */
  readonly service?: string;
  /** Empty when the person came with a personal token. */
  readonly sessionId: string;
  /** The credential that asks; one that is over proves nothing. Empty when a service is asked for. */
  readonly credentialId: string;
}

/** They are inside now. */
export interface PresenceProof {
  readonly roomId: string;
  /** The room's link. */
  readonly slug: string;
  readonly joinId: string;
  readonly role: RoomRole;
  /** What they may do there now. */
  readonly permissions: readonly Permission[];
}

/** The proof that a person is in the meeting now; without an answer nobody is (nothing fails open). */
export abstract class Presence {
  /** Rejects with NOT_PRESENT, or with what kept the proof from being made; `timeoutMs` is the longest wait for it. */
  abstract prove(question: PresenceQuestion, timeoutMs?: number): Promise<PresenceProof>;
}
