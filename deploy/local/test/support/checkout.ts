import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../../..');

/** How a start ended, and what stood on the screen. */
export interface Ended {
  readonly code: number | null;
  readonly screen: string;
}

/** A start that goes on. */
export interface Started {
  readonly child: ChildProcess;
  /** Settles when these words stand on the screen; rejects when it ends before. */
  readonly says: (words: string) => Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A checkout of its own that shares what is compiled, with an installation that begins with nothing. */
export class Checkout {
  readonly folder: string;
  readonly shared: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'conclave-checkout-'));
    // Root's Postgres runs as an account of its own, which must pass through.
    chmodSync(this.folder, 0o711);
    this.shared = join(this.folder, 'shared');
    mkdirSync(this.shared);
    for (const name of ['services', 'web']) symlinkSync(join(repository, name), join(this.folder, name));
  }

  get home(): string {
    return join(this.folder, '.conclave');
  }

  start(port: number, env: Readonly<Record<string, string>> = {}, before: readonly string[] = []): Started {
    const [command = process.execPath, ...leading] = [...before, process.execPath];
    const child = spawn(
      command,
      [
        ...leading,
        ...['--import', join(repository, 'libs/testing/run-sources.mjs'), '--conditions', '@conclave/source'],
        ...['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'start-at.ts')],
        ...[this.folder, this.shared, 'start', '--port', `${port}`],
      ],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let screen = '';
    const hear = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        screen += chunk.toString();
        for (const look of hear) look();
      });
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, screen })));
    const says = (words: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (screen.includes(words)) resolve();
        };
        hear.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended before it said "${words}":\n${screen}`)));
      });
    return { child, says, ended };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
