import type { EventFrame } from './event-frame.js';

/** The next events behind a number, and whether there may be more. */
export interface EventPage {
  readonly frames: readonly EventFrame[];
  readonly lastSeq: bigint;
}

/** Most events held back while a gap is filled; beyond it they are read from the log anyway. */
const mostHeldBack = 1024;
const triesPerGap = 6;
const pauseMs = 40;

/**
 * Puts the live events of a room and those of its log into one sequence: every number once, in order, none left out.
 * Live events are hints; the log is the truth.
 */
export class EventSequence {
  private held = new Map<bigint, EventFrame>();
  private filling: Promise<void> | undefined;

  /** @param cursor the last number the browser has */
  constructor(
    private cursor: bigint,
    private readonly read: (after: bigint) => Promise<EventPage>,
    private readonly send: (frame: EventFrame) => void,
  ) {}

  /** A live event, in any order and any number of times. Returns whether the log must be read: call `fill`. */
  offer(frame: EventFrame): 'in-order' | 'behind' {
    if (frame.seq <= this.cursor) return 'in-order';
    if (!this.filling && frame.seq === this.cursor + 1n) {
      this.pass(frame);
      return 'in-order';
    }
    if (this.held.size < mostHeldBack) this.held.set(frame.seq, frame);
    return 'behind';
  }

  /** Reads the log until nothing is missing. Calls that come meanwhile share one reading. */
  fill(): Promise<void> {
    this.filling ??= this.catchUp();
    return this.filling;
  }

  private async catchUp(): Promise<void> {
    try {
      for (let tries = 0; tries < triesPerGap; tries++) {
        await this.readOn();
        this.passHeld();
        if (this.held.size === 0) return;
        // A higher number was announced while a lower one is not in the log yet: it is being committed right now.
        await new Promise((resolve) => setTimeout(resolve, pauseMs * (tries + 1)));
      }
      throw new RangeError('a gap in the log does not close');
    } finally {
      // Here, and not a tick later: an event offered in between would be held back with nobody to fetch it.
      this.filling = undefined;
    }
  }

  private async readOn(): Promise<void> {
    for (;;) {
      const { frames, lastSeq } = await this.read(this.cursor);
      const before = this.cursor;
      for (const frame of frames) if (frame.seq === this.cursor + 1n) this.pass(frame);
      if (this.cursor >= lastSeq || this.cursor === before) return;
    }
  }

  private passHeld(): void {
    for (let next = this.held.get(this.cursor + 1n); next; next = this.held.get(this.cursor + 1n)) this.pass(next);
    for (const seq of this.held.keys()) if (seq <= this.cursor) this.held.delete(seq);
  }

  private pass(frame: EventFrame): void {
    this.cursor = frame.seq;
    this.send(frame);
  }
}
