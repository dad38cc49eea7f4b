import type { WriteStream } from 'node:tty';

/** One log line as a person reads it. What is no JSON is shown as it came. */
export function readable(line: string): string {
  try {
    const entry = JSON.parse(line) as { level?: string; message?: string; error?: { message?: string } };
    const cause = entry.error?.message ? `: ${entry.error.message}` : '';
    return `${(entry.level ?? 'info').padEnd(5)} ${entry.message ?? ''}${cause}`;
  } catch {
    return line;
  }
}

/** Whether a line says that something is wrong. */
export const needsSomebody = (line: string): boolean => /^\{.*"level":"(error|fatal)"/.test(line);

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** What a person sees while it starts and runs: steps with their time, then the services' logs. */
export class Screen {
  #out: WriteStream | NodeJS.WriteStream;
  #began: number;
  #step: { name: string; since: number; detail: string } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastDetail = 0;

  constructor(out: NodeJS.WriteStream = process.stdout, began = performance.now()) {
    this.#out = out;
    this.#began = began;
  }

  /** Ends the step before and begins one. */
  step(name: string): void {
    this.done();
    this.#step = { name, since: performance.now(), detail: '' };
    if (!this.#out.isTTY) return;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), 200);
  }

  /** Says how far the step is. Without a terminal a line every 20 seconds is enough. */
  detail(text: string): void {
    if (this.#step) this.#step.detail = text;
    if (this.#out.isTTY || performance.now() - this.#lastDetail < 20_000) return;
    this.#lastDetail = performance.now();
    this.#out.write(`    ${text}\n`);
  }

  /** Ends the step, well. */
  done(): void {
    this.#end('ok');
  }

  /** Ends the step, badly. */
  failed(): void {
    this.#end('!!');
  }

  #end(mark: string): void {
    if (!this.#step) return;
    const { name, since } = this.#step;
    this.#clear();
    this.#step = null;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#out.write(`  ${mark}  ${name.padEnd(32)} ${seconds(since).padStart(8)}\n`);
  }

  /** A line of a process, behind its name. */
  line(name: string, line: string): void {
    this.say(`${name.padEnd(9)} ${readable(line)}`);
  }

  /** Anything else. */
  say(text: string): void {
    this.#clear();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** Time since the command was given. */
  get elapsed(): string {
    return seconds(this.#began);
  }

  #clear(): void {
    if (this.#step && this.#out.isTTY) this.#out.write('\r\u001b[K');
  }

  #draw(): void {
    if (!this.#step || !this.#out.isTTY) return;
    const { name, since, detail } = this.#step;
    const width = (this.#out as WriteStream).columns || 80;
    const text = `  ..  ${name.padEnd(32)} ${seconds(since).padStart(8)}  ${detail}`;
    this.#out.write(`\r\u001b[K${text.slice(0, width - 1)}`);
  }
}
