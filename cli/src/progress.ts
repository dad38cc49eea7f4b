const everyMs = 200;
const units = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytesText(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step]}`;
}

/** One line on stderr that is written over; where nobody looks, only what matters. */
export class Progress {
  private readonly quiet: boolean;
  private readonly name: string;
  private readonly size: number;
  private readonly live = process.stderr.isTTY === true;
  private from: { at: number; bytes: number } | undefined;
  private toldAt = 0;

  constructor(name: string, size: number, quiet: boolean) {
    this.name = name;
    this.size = size;
    this.quiet = quiet;
  }

  at(bytes: number): void {
    const now = performance.now();
    this.from ??= { at: now, bytes };
    if (this.quiet || !this.live || now - this.toldAt < everyMs) return;
    this.toldAt = now;
    const rate = now > this.from.at ? ((bytes - this.from.bytes) * 1_000) / (now - this.from.at) : 0;
    const part = this.size === 0 ? 100 : Math.floor((bytes / this.size) * 100);
    const left = rate > 1 ? `, ${Math.ceil((this.size - bytes) / rate)} s left` : '';
    const text = `${this.name}  ${part} %  ${bytesText(bytes)} of ${bytesText(this.size)}, ${bytesText(rate)} a second${left}`;
    process.stderr.write(`\r\u001b[K${text}`);
  }

  /** It broke off, and goes on by itself. */
  waits(ms: number, error: unknown): void {
    const why = error instanceof Error ? error.message : 'broken off';
    this.say(`${why}; tries again in ${(ms / 1_000).toFixed(1)} s`);
  }

  /** Something that stays on the screen. */
  say(text: string): void {
    // What stood still is no part of a rate.
    this.from = undefined;
    if (!this.quiet) process.stderr.write(`${this.live ? '\r\u001b[K' : ''}${this.name}: ${text}\n`);
  }
}
