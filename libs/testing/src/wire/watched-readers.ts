import { setTimeout as pause } from 'node:timers/promises';
import { KernelTable } from './kernel-table.js';
import { WatchedReader, type Pace, type WireEnd } from './watched-reader.js';

const lookMs = 25;
/** A connection that was not found for so long, in several looks, is gone. */
const surelyGoneMs = 150;
/** The fast one last, so that it is still on its way. */
const paces: readonly Pace[] = ['slow', 'stopped', 'fast'];

/** What became of a reader after an event. */
export interface Parting {
  readonly pace: Pace;
  readonly end: WireEnd;
  /** From the event to the end of the connection, and with it the last byte; infinite where it still stood. */
  readonly ms: number;
}

/**
 * One reader of each pace, watched through an event that must cut them. Every delay of this process counts against what is measured: an
 * event is over at the last look before its answer was seen, a connection is gone at the end of the look that did not find it.
 */
export class WatchedReaders {
  private lookedAt = performance.now();
  private readonly readers: WatchedReader[] = [];
  private readonly looks = setInterval(() => this.look(), lookMs);

  private constructor() {}

  /** All of them have their first bytes. */
  static async begin(url: string, headers: Readonly<Record<string, string>>): Promise<WatchedReaders> {
    const all = new WatchedReaders();
    for (const pace of paces) {
      const reader = new WatchedReader(url, headers, pace);
      all.readers.push(reader);
      await reader.began;
      reader.take();
    }
    return all;
  }

  /**
   * Lets the event happen and watches until all are gone, at most for so long: from an end that is gone nothing can leave any more. The
   * answer of the event goes to `check`, which throws where it did not happen.
   */
  async through<Answer>(
    event: () => Answer | Promise<Answer>,
    watchMs: number,
    check: (answer: Answer) => void,
  ): Promise<readonly Parting[]> {
    try {
      const answer = await event();
      const since = this.lookedAt;
      check(answer);
      const until = performance.now() + watchMs;
      while (performance.now() < until && !this.allGone) await pause(lookMs);
      this.look();
      return this.readers.map((reader) => {
        const { pace, goneAt = Infinity } = reader;
        return { pace, end: reader.finish(), ms: Math.max(0, Math.ceil(goneAt - since)) };
      });
    } finally {
      clearInterval(this.looks);
      for (const reader of this.readers) reader.finish();
    }
  }

  private get allGone(): boolean {
    const since = performance.now() - surelyGoneMs;
    return this.readers.every(({ goneAt = Infinity }) => goneAt < since);
  }

  private look(): void {
    const table = KernelTable.read();
    for (const reader of this.readers) reader.look(table);
    this.lookedAt = performance.now();
  }
}
