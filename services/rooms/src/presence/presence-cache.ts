import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { MediaParticipant } from '../media/media-server.js';

/** Longest time an answer of the media server is believed. */
export const presenceCacheMs = 3_000;

const mostEntries = 50_000;

/** What the media server said, and when it was asked; null where the answer is remembered. */
export interface MediaAnswer {
  readonly participant: MediaParticipant | null;
  readonly askedAt: Date | null;
}

interface Entry {
  readonly participant: MediaParticipant | null;
  readonly until: number;
}

/** Answers of the media server, for at most three seconds. A hint only: the admission is read from the database each time. */
@Injectable()
export class PresenceCache {
  private readonly entries = new Map<string, Entry>();
  private evictions = 0;

  constructor(private readonly clock: Clock) {}

  /**
   * The remembered answer, or the one that `ask` brings. An answer that was on its way during an eviction is not kept.
   * `left` says that the admission has no active connection: somebody told another replica of a clean leave, and a remembered
   * "active" is older than that.
   */
  async through(
    roomId: string,
    joinId: string,
    ask: () => Promise<MediaParticipant | null>,
    left = false,
  ): Promise<MediaAnswer> {
    const key = `${roomId}/${joinId}`;
    const known = this.entries.get(key);
    const outdated = left && known?.participant?.active === true;
    if (known && !outdated && known.until > this.clock.now().getTime())
      return { participant: known.participant, askedAt: null };
    const evictionsBefore = this.evictions;
    const asked = this.clock.now();
    const askedAt = asked.getTime();
    const participant = await ask();
    if (evictionsBefore === this.evictions) {
      if (this.entries.size >= mostEntries) this.entries.clear();
      this.entries.set(key, { participant, until: askedAt + presenceCacheMs });
    }
    return { participant, askedAt: asked };
  }

  /** Forgets some admissions of a room, or all of them. */
  evict(roomId: string, joinIds: readonly string[] = []): void {
    this.evictions++;
    if (joinIds.length > 0) {
      for (const joinId of joinIds) this.entries.delete(`${roomId}/${joinId}`);
      return;
    }
    for (const key of this.entries.keys()) if (key.startsWith(`${roomId}/`)) this.entries.delete(key);
  }
}
