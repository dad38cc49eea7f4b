/** A clock that stands still until it is told to go on. */
export interface HeldClock {
  /** Lets time pass. */
  advance(seconds: number): void;
  /** The machine's time again. */
  release(): void;
}

/** Stops the clock of a service that runs in this process: no machine is too slow then for a spec about waits and refills. */
export function holdClock(clock: { now(): Date }): HeldClock {
  let time = clock.now().getTime();
  clock.now = () => new Date(time);
  return {
    advance: (seconds) => void (time += seconds * 1000),
    release: () => void Reflect.deleteProperty(clock, 'now'),
  };
}
