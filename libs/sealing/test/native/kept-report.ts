import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { NATIVE_VERSION } from '../../src/node/native-module.js';

/** Where the kernel's source is; what was proven of another is worth nothing here. */
const source = resolve(import.meta.dirname, '../../../sealing-native/src');

function kernel(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.rs')) hash.update(`${name}\0`).update(readFileSync(join(source, name)));
  return hash.digest('hex');
}

/** What stands in a report besides what was found. */
interface Facts {
  readonly at: string;
  readonly module: string;
  /** SHA-256 of the kernel's source; missing in reports from before. */
  readonly kernel?: string;
  readonly paths: readonly string[];
  readonly processor: string;
  readonly node: string;
  readonly seconds: number;
}

/** Findings that add up over several sittings: in a file, if one is named, which is written anew again and again. */
export class KeptReport<Findings extends object> {
  private readonly began = performance.now();
  private readonly before: number;
  readonly found: Findings;

  /** Goes on from what the file says of the same kernel; from `none` where it says nothing. */
  constructor(
    private readonly file: string | undefined,
    private readonly paths: readonly string[],
    none: Findings,
  ) {
    const known = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Facts & Findings) : undefined;
    if (known && (known.kernel ?? kernel()) !== kernel()) throw new Error(`${file} is of another kernel: remove it`);
    this.found = { ...none, ...known };
    this.before = known?.seconds ?? 0;
  }

  /** As it stands now. */
  text(): string {
    const facts: Facts = {
      at: new Date().toISOString(),
      module: NATIVE_VERSION,
      kernel: kernel(),
      paths: this.paths,
      processor: `${arch()}, ${cpus()[0]?.model ?? 'unknown'}`,
      node: process.version,
      seconds: Math.round(this.before + (performance.now() - this.began) / 1000),
    };
    return `${JSON.stringify({ ...this.found, ...facts }, undefined, 2)}\n`;
  }

  /** Writes it down, so that a sitting that is ended counts as far as it came. */
  keep(): void {
    if (!this.file) return;
    writeFileSync(`${this.file}.new`, this.text());
    renameSync(`${this.file}.new`, this.file);
  }
}
