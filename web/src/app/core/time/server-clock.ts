/** The `Date` header counts whole seconds: the server's time was somewhere in the second that it names. */
const RESOLUTION_MS = 1_000;

/**
 * How far the clock of this device stands from the server's, learned from answers. Each answer says between which two bounds the
 * distance lies; together they narrow it. Bounds that contradict each other mean that the device's clock was set, or slept: the
 * newest answer counts then.
 */
export class ClockOffset {
  private least = -Infinity;
  private most = Infinity;
  /** Add this to the device's time to have the server's, in ms. */
  value = 0;

  /** An answer that named `date`, asked for and received at these times of the device. */
  learn(date: number, askedAt: number, receivedAt: number): void {
    if (!Number.isFinite(date) || receivedAt < askedAt) return;
    const [least, most] = [date - receivedAt, date + RESOLUTION_MS - askedAt];
    const agree = least <= this.most && most >= this.least;
    this.least = agree ? Math.max(this.least, least) : least;
    this.most = agree ? Math.min(this.most, most) : most;
    this.value = Math.round((this.least + this.most) / 2);
  }
}

const offset = new ClockOffset();

/* The two raw reads of this app: everything else asks here, and lint sees to it. */
/* eslint-disable no-restricted-syntax -- this is the clock that the rule points to */

/** The device's own clock, for what this file and measuring an answer need. */
export const deviceNow = (): number => Date.now();

/* eslint-enable no-restricted-syntax */

/** Learns from the `Date` header of an answer. */
export function hearServerTime(header: string | null, askedAt: number): void {
  if (header) offset.learn(Date.parse(header), askedAt, deviceNow());
}

/** What time it is at the server, in ms: for everything that is compared with times the server gave, or shown. */
export const serverNow = (): number => deviceNow() + offset.value;

/** The same as a date; its hours are those of the place where this person is. */
export const serverDate = (): Date => new Date(serverNow());

/** A count of ms that nobody sets, for how long something took: never compared with a time of day. */
export const stopwatch = (): number => performance.now();
