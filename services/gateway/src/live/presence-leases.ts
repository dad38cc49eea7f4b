import { rooms } from '@conclave/contracts';
import { DomainError, type ErrorReason } from '@conclave/errors';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { PresenceLease } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { Credential } from '../session/session-cookie.js';
import { SessionResolver } from '../session/session-resolver.js';
import type { LivePlace } from './live-connections.js';

/** A stream that needs its person's presence. */
export interface PresenceNeeded {
  /** Where; empty where a files of the release before did not say: then its lease alone holds. */
  readonly roomId: string;
  /** What is cut when presence is lost. */
  readonly place: LivePlace;
  /** What the person came with. */
  readonly credential: Credential | undefined;
}

/** A lease and everything that stands on it. */
interface Held {
  readonly lease: PresenceLease<void>;
  readonly places: Set<LivePlace>;
}

/** Answers that end a stream at once. */
const lost: readonly ErrorReason[] = ['NOT_PRESENT', 'UNAUTHENTICATED', 'PERMISSION_DENIED'];

const refuses = (error: unknown): boolean => error instanceof DomainError && lost.includes(error.reason);

/**
 * Leases of presence for what streams out of this process. Files holds one for as long as it sends; what has left it and lies here, in
 * buffers of ours and of the kernel, stands on these. One for all streams of a credential in a room.
 */
@Injectable()
export class PresenceLeases {
  private readonly held = new Map<string, Held>();
  /**
   * A rooms of the release before does not know the question, nor does the bus let it pass before its rights are renewed: until the first
   * answer the lease of files alone holds, as it did.
   */
  private roomsKnows = false;

  constructor(
    @InjectClient(rooms.PresenceService) private readonly presence: ServiceClient<typeof rooms.PresenceService>,
    private readonly sessions: SessionResolver,
  ) {}

  /**
   * Holds a lease until the returned function is called; a place whose lease ends before is cut.
   *
   * @param provenAt when the proof was asked for that the stream began with, by `performance.now()`
   */
  hold({ roomId, place, credential }: PresenceNeeded, provenAt: number): () => void {
    if (roomId === '' || !credential) return () => undefined;
    const key = `${roomId} ${place.credentialId}`;
    const held = this.held.get(key) ?? this.begin(key, roomId, credential, provenAt);
    held.places.add(place);
    return () => {
      held.places.delete(place);
      if (held.places.size > 0) return;
      held.lease.stop();
      this.forget(key, held);
    };
  }

  private begin(key: string, roomId: string, credential: Credential, provenAt: number): Held {
    const terms = {
      prove: (timeoutMs: number) => this.prove(roomId, credential, timeoutMs),
      refuses,
    };
    const held: Held = { lease: PresenceLease.from(terms, undefined, provenAt), places: new Set() };
    held.lease.signal.addEventListener('abort', () => {
      this.forget(key, held);
      for (const place of [...held.places]) place.cut('not-present');
    });
    this.held.set(key, held);
    return held;
  }

  private async prove(roomId: string, credential: Credential, timeoutMs: number): Promise<void> {
    const { principal } = await this.sessions.resolve(credential);
    try {
      await this.presence.keepPresence({ roomId }, { principal, timeoutMs });
      this.roomsKnows = true;
    } catch (error) {
      if (this.roomsKnows || refuses(error)) throw error;
    }
  }

  private forget(key: string, held: Held): void {
    if (this.held.get(key) === held) this.held.delete(key);
  }
}
