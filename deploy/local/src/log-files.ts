import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const largest = 20 * 1024 * 1024;

/** A line as JSON: services write JSON already, servers may write anything. */
export function asJson(name: string, line: string, now: Date = new Date()): string {
  if (line.startsWith('{') && line.endsWith('}')) return line;
  return JSON.stringify({ time: now.toISOString(), service: name, msg: line });
}

/** Keeps the lines of each process in a file of its own, one JSON object a line; of a full file one predecessor stays. */
export class LogFiles {
  #folder: string;
  #open = new Map<string, { stream: WriteStream; size: number }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(name: string, line: string): void {
    const text = `${asJson(name, line)}\n`;
    let file = this.#open.get(name);
    if (!file || file.size > largest) {
      file?.stream.end();
      file = this.#begin(name);
      this.#open.set(name, file);
    }
    file.size += Buffer.byteLength(text);
    file.stream.write(text);
  }

  #begin(name: string): { stream: WriteStream; size: number } {
    const path = join(this.#folder, `${name}.jsonl`);
    let size = existsSync(path) ? statSync(path).size : 0;
    if (size > largest) {
      renameSync(path, `${path}.1`);
      size = 0;
    }
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    stream.on('error', () => {});
    return { stream, size };
  }

  /** Everything written is on disk. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ stream }) => new Promise((resolve) => stream.end(resolve))));
    this.#open.clear();
  }
}
