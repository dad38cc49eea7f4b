/** The time, from outside; inject it by this class. */
export abstract class Clock {
  /** Now, as a date. */
  abstract now(): Date;

  /** Now plus some seconds (negative: before). */
  after(seconds: number): Date {
    return new Date(this.now().getTime() + seconds * 1000);
  }
}

/** The time of this machine. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/**
 * The time of this process: that of its machine, until it follows another clock. From then on it goes evenly whatever happens to the
 * machine's, and what the other says moves it only as far as it cannot be right.
 */
export class FollowingClock extends Clock {
  private ahead: number | undefined;

  now(): Date {
    return new Date(this.ahead === undefined ? Date.now() : performance.now() + this.ahead);
  }

  /** What the other clock said, in milliseconds, at some moment between two of `performance.now()`. */
  follow(theirs: number, askedAt: number, answeredAt: number): void {
    const [least, most] = [theirs - answeredAt, theirs - askedAt];
    // A slow answer says little: where our own time may be right, it stays.
    this.ahead = Math.min(most, Math.max(least, this.ahead ?? (least + most) / 2));
  }
}

/** A clock for tests: stands still until told. */
export class FixedClock extends Clock {
  private time: number;

  constructor(time: Date | string = '2026-01-01T00:00:00.000Z') {
    super();
    this.time = new Date(time).getTime();
  }

  now(): Date {
    return new Date(this.time);
  }

  /** Lets time pass. */
  advance(seconds: number): void {
    this.time += seconds * 1000;
  }

  /** Jumps to a moment. */
  set(time: Date | string): void {
    this.time = new Date(time).getTime();
  }
}
