const minute = 60_000;
const hour = 60 * minute;

/** How patient the sweeper is, in milliseconds; injected by this class, and shorter in tests. */
export class SweepTimes {
  /** Between two sweeps. */
  readonly every: number = minute;
  /** Between two comparisons of bucket and index. */
  readonly compareEvery: number = hour;
  /** A failed file's row, kept so long for whoever asks what happened. */
  readonly failed: number = hour;
  /** Between two looks at every byte of one object. */
  readonly readBack: number = 7 * 24 * hour;
  /** An object, or an unfinished write, that no row needs. */
  readonly orphan: number = 24 * hour;

  constructor(times: Partial<SweepTimes> = {}) {
    Object.assign(this, times);
  }
}
