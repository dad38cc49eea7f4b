// LiveKit moves a room whose node has not reported for five seconds (selector.AvailableSeconds) when somebody comes in. A
// shorter silence lets no node look dead.
const harmlessMs = 4_000;
// Nodes report every two seconds, and need a new connection to Redis first.
const settlingMs = 10_000;

/**
 * Whether LiveKit may be asked to lead somebody to a room. After a silence of its Redis every node looks dead until it has
 * reported again, and the first to come in would move a room away from the people in it. Times are milliseconds of one clock.
 */
export class Settling {
  private failingSince: number | null = null;
  private settledFrom = -Infinity;

  /** A question asked at this time got no answer. */
  failed(askedAt: number): void {
    this.failingSince ??= askedAt;
  }

  answered(at: number): void {
    if (this.silent(at)) this.settledFrom = at + settlingMs;
    this.failingSince = null;
  }

  settled(at: number): boolean {
    return !this.silent(at) && at >= this.settledFrom;
  }

  private silent(at: number): boolean {
    return this.failingSince !== null && at - this.failingSince > harmlessMs;
  }
}
