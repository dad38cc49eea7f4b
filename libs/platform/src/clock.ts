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
