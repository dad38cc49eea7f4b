import { Clock, ExpiringCache } from '@conclave/platform';
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

/** Answers of the media server, for at most three seconds. A hint only: the admission is read from the database each time. */
@Injectable()
export class PresenceCache {
  private readonly entries: ExpiringCache<{ readonly participant: MediaParticipant | null }>;
  private evictions = 0;

  constructor(private readonly clock: Clock) {
    const now = (): number => clock.now().getTime();
    this.entries = new ExpiringCache({ ttlMs: presenceCacheMs, most: mostEntries, now });
  }

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
    if (known && !outdated) return { participant: known.participant, askedAt: null };
    const evictionsBefore = this.evictions;
    const askedAt = this.clock.now();
    const participant = await ask();
    // A no is asked again each time: whoever has just come in is not kept out by what was so a moment ago.
    if (participant?.active && evictionsBefore === this.evictions)
      this.entries.keep(key, { participant }, { since: askedAt.getTime() });
    return { participant, askedAt };
  }

  /** Forgets some admissions of a room, or all of them. */
  evict(roomId: string, joinIds: readonly string[] = []): void {
    this.evictions++;
    if (joinIds.length > 0) {
      for (const joinId of joinIds) this.entries.drop(`${roomId}/${joinId}`);
      return;
    }
    this.entries.dropWhere((_, key) => key.startsWith(`${roomId}/`));
  }
}
