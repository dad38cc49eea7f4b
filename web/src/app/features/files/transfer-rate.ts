const WINDOW_MS = 4_000;

/** Bytes a second over the last few seconds, so that the figure is calm and yet follows the line. */
export class TransferRate {
  private samples: { at: number; bytes: number }[] = [];

  add(bytes: number, at: number): void {
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > WINDOW_MS) this.samples.shift();
  }

  /** After standing still, what was before says nothing. */
  restart(): void {
    this.samples = [];
  }

  /** 0 until two samples are apart in time. */
  bytesPerSecond(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
