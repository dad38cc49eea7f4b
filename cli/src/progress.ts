const everyMs = 200;
const units = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytesText(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step]}`;
}

/** Text that others have written, without what a terminal obeys. */
export const plain = (text: string): string => text.replace(/\p{Cc}/gu, '');

/** As somebody says it who does not promise the second. */
function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 90 * 60 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3_600)} h`;
}

const live = process.stderr.isTTY === true;

/** A line on stderr that stays; where a line of progress stands, it takes its place. */
export function tell(text: string): void {
  process.stderr.write(`${live ? '\r\u001b[K' : ''}${text}\n`);
}

/** One line on stderr that is written over; where nobody looks, only what matters. */
export class Progress {
  private readonly quiet: boolean;
  private readonly name: string;
  private readonly size: number;
  private from: { at: number; bytes: number } | undefined;
  private readonly begun = performance.now();
  private toldAt = 0;

  constructor(name: string, size: number, quiet: boolean) {
    // A name of somebody else must not steer a terminal.
    this.name = plain(name);
    this.size = size;
    this.quiet = quiet;
  }

  at(bytes: number): void {
    const now = performance.now();
    this.from ??= { at: now, bytes };
    if (this.quiet || !live || now - this.toldAt < everyMs) return;
    this.toldAt = now;
    const rate = now > this.from.at ? ((bytes - this.from.bytes) * 1_000) / (now - this.from.at) : 0;
    const part = this.size === 0 ? 100 : Math.floor((bytes / this.size) * 100);
    const left = rate > 1 ? `, ${timeText((this.size - bytes) / rate)} left` : '';
    const figures = `${part} %  ${bytesText(bytes)} of ${bytesText(this.size)}, ${bytesText(rate)} a second${left}`;
    // A line that is longer than the terminal is wide could not be written over.
    const room = Math.max(8, process.stderr.columns - figures.length - 3);
    const name = this.name.length > room ? `${this.name.slice(0, room - 1)}…` : this.name;
    process.stderr.write(`\r\u001b[K${`${name}  ${figures}`.slice(0, process.stderr.columns - 1)}`);
  }

  /** It is whole: the line that was written over says how long it took. */
  done(): void {
    if (live) this.say(`${bytesText(this.size)} in ${timeText((performance.now() - this.begun) / 1_000)}`);
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
    if (!this.quiet) tell(`${this.name}: ${text}`);
  }
}
