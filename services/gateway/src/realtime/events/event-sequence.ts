import type { EventFrame } from '../feeds/event-frame.js';

/** The next events behind a number that are for this browser, and whether there may be more. */
export interface EventPage {
  readonly frames: readonly EventFrame[];
  /** Nothing for this browser is missing up to here, whatever numbers the frames leave out. */
  readonly throughSeq: bigint;
  readonly lastSeq: bigint;
  /** The browser's person is not in the meeting now: nothing is for them, and the sequence stands still. */
  readonly waiting?: boolean;
}

/** What a sequence needs from its socket. */
export interface SequenceParts {
  /** Reads the log as its owner shows it to this caller now. */
  readonly read: (after: bigint) => Promise<EventPage>;
  /** Whether a live event is for this browser, by what the log said last. */
  readonly isFor: (frame: EventFrame) => boolean;
  /** Whether an event changes what this browser may hear: the log is asked before anything behind it is passed on. */
  readonly changes: (frame: EventFrame) => boolean;
  /** Sends; `last` is the number that the browser has from us so far. */
  readonly send: (frame: EventFrame, last: bigint) => void;
}

/** Most events held back while a gap is filled; beyond it they are read from the log anyway. */
const mostHeldBack = 1024;
const triesPerGap = 6;
const pauseMs = 40;

/**
 * Puts the live events of a room and those of its log into one sequence: every event that is for the browser once, in
 * order, none left out. Live events are hints; the log is the truth. What is for others is counted and not sent.
 */
export class EventSequence {
  private held = new Map<bigint, EventFrame>();
  private filling: Promise<void> | undefined;

  /** Number of the last event that was sent, or from which the browser began. */
  private sent: bigint;
  private standsStill = false;

  /** @param cursor the last number the browser has */
  constructor(
    private cursor: bigint,
    private readonly parts: SequenceParts,
  ) {
    this.sent = cursor;
  }

  /** Whether the log said last that nothing is for this browser now; what comes meanwhile is read from it afterwards. */
  get waiting(): boolean {
    return this.standsStill;
  }

  /** A live event, in any order and any number of times. Returns whether the log must be read: call `fill`. */
  offer(frame: EventFrame): 'in-order' | 'behind' {
    if (frame.seq <= this.cursor) return 'in-order';
    if (this.standsStill && !this.filling) return this.parts.changes(frame) ? 'behind' : 'in-order';
    if (!this.filling && frame.seq === this.cursor + 1n && !this.parts.changes(frame)) {
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
        if (this.standsStill) return this.held.clear();
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
      const { frames, throughSeq, lastSeq, waiting = false } = await this.parts.read(this.cursor);
      this.standsStill = waiting;
      if (waiting) return;
      const before = this.cursor;
      for (const frame of frames) if (frame.seq > this.cursor) this.pass(frame);
      if (throughSeq > this.cursor) this.cursor = throughSeq;
      if (this.cursor >= lastSeq || this.cursor === before) return;
    }
  }

  private passHeld(): void {
    for (;;) {
      const next = this.held.get(this.cursor + 1n);
      if (!next || this.parts.changes(next)) break;
      this.pass(next);
    }
    for (const seq of this.held.keys()) if (seq <= this.cursor) this.held.delete(seq);
  }

  private pass(frame: EventFrame): void {
    this.cursor = frame.seq;
    if (!this.parts.isFor(frame)) return;
    this.parts.send(frame, this.sent);
    this.sent = frame.seq;
  }
}
