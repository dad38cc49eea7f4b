/** A sleep that can be cut short, and that remembers a ring that came while nobody slept. */
export class Alarm {
  private rung = false;
  private wakeSleeper: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wakeSleeper?.();
  }

  /** Sleeps; true when it was rung. With `unless`, a ring only ends the sleep when that holds, and is kept for later. */
  async sleep(ms: number, unless: () => boolean = () => true): Promise<boolean> {
    if (!(this.rung && unless())) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeSleeper = () => {
          if (!unless()) return;
          clearTimeout(timer);
          resolve();
        };
      });
      this.wakeSleeper = undefined;
    }
    if (!unless()) return false;
    const rung = this.rung;
    this.rung = false;
    return rung;
  }
}
