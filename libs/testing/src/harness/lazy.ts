import type { SharedServers } from './facts.js';
import type { ServerRunner, Started } from './runner.js';

/** The shared servers of one run: each starts when it is first asked for, and only once. */
export class LazyServers implements SharedServers {
  #runner: Promise<ServerRunner>;
  #started = new Map<string, Promise<Started<unknown>>>();

  constructor(runner: Promise<ServerRunner>) {
    this.#runner = runner;
  }

  async #get<T>(name: string, start: (runner: ServerRunner) => Promise<Started<T>>): Promise<T> {
    let started = this.#started.get(name) as Promise<Started<T>> | undefined;
    if (!started) {
      started = this.#runner.then(start);
      this.#started.set(name, started);
    }
    return (await started).facts;
  }

  postgres(): ReturnType<SharedServers['postgres']> {
    return this.#get('postgres', (runner) => runner.postgres());
  }

  minio(): ReturnType<SharedServers['minio']> {
    return this.#get('minio', (runner) => runner.minio());
  }

  seaweedfs(): ReturnType<SharedServers['seaweedfs']> {
    return this.#get('seaweedfs', (runner) => runner.seaweedfs());
  }

  livekit(): ReturnType<SharedServers['livekit']> {
    return this.#get('livekit', (runner) => runner.livekit());
  }

  /** Ends everything that was started, including what is still starting. */
  async stop(): Promise<void> {
    const all = await Promise.allSettled(this.#started.values());
    this.#started.clear();
    await Promise.all(all.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)));
  }
}
