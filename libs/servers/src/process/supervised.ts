import type { Exit, ManagedProcess } from './managed-process.js';

/** How a supervised process is doing. */
export type SupervisedState = 'new' | 'running' | 'waiting' | 'stopped';

const shortest = 500;
const longest = 30_000;
const steady = 60_000;

/** EX_CONFIG: the process says that its configuration is wrong; trying again changes nothing. */
const wrongConfiguration = 78;

const words = ({ code, signal }: Exit): string => (signal ? `was ended by ${signal}` : `ended with code ${code}`);

/** A process that is started again when it dies, after a pause that grows while it keeps dying. */
export class Supervised {
  readonly name: string;
  restarts = 0;
  state: SupervisedState = 'new';
  /** Why it does not run, while it waits for another start. */
  trouble: string | null = null;
  #start: (signal: AbortSignal) => Promise<ManagedProcess>;
  #say: (line: string) => void;
  #changed: () => void;
  #current: ManagedProcess | null = null;
  #starting: Promise<unknown> | null = null;
  #ended = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #pause = shortest;

  constructor(
    name: string,
    start: (signal: AbortSignal) => Promise<ManagedProcess>,
    say: (line: string) => void = () => {},
    changed: () => void = () => {},
  ) {
    this.name = name;
    this.#start = start;
    this.#say = say;
    this.#changed = changed;
  }

  get pid(): number | null {
    return this.#current && !this.#current.exit ? this.#current.pid : null;
  }

  /** The process as it runs now; specs kill it to see what happens. */
  get process(): ManagedProcess | null {
    return this.#current;
  }

  /** The first start: its failure is the caller's. */
  async start(): Promise<void> {
    await this.#once();
  }

  async #once(): Promise<void> {
    const starting = this.#start(this.#ended.signal);
    this.#starting = starting.catch(() => {});
    const process = await starting;
    this.#current = process;
    if (this.state === 'stopped') {
      await process.stop();
      return;
    }
    this.state = 'running';
    this.trouble = null;
    this.#changed();
    const since = Date.now();
    void process.exited.then((exit) => {
      if (this.state === 'stopped') return;
      if (Date.now() - since > steady) this.#pause = shortest;
      const hopeless = exit.code === wrongConfiguration ? longest : this.#pause;
      this.#again(words(exit), hopeless);
    });
  }

  #again(why: string, pause: number): void {
    this.state = 'waiting';
    this.trouble = why;
    this.#changed();
    this.#say(`${this.name} ${why}; starting it again in ${pause / 1000} s`);
    this.#pause = Math.min(this.#pause * 2, longest);
    this.#timer = setTimeout(() => {
      this.restarts++;
      this.#once().catch((error: unknown) => {
        if (this.state === 'stopped') return;
        this.#again(`did not start: ${error instanceof Error ? error.message : String(error)}`, this.#pause);
      });
    }, pause);
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.state = 'stopped';
    if (this.#timer) clearTimeout(this.#timer);
    // One that is starting is not waited for.
    this.#ended.abort();
    await this.#starting;
    await this.#current?.stop();
    this.#changed();
  }
}
