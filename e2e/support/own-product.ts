import { testProduct, type TestProduct } from '@conclave/testing';

const keys = ['CONCLAVE_URL', 'CONCLAVE_FOLDER', 'CONCLAVE_FACTS'] as const;

/** A product of its own for journeys that kill parts of it; everything in support speaks to it until `end`. */
export interface OwnProduct extends TestProduct {
  /** Ends a process at once, as a crash would, or asks it to end. Answers once the process is gone. */
  end(name: string, signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Settles when every service says that it is ready. */
  ready(): Promise<void>;
}

/** Starts it. Call `stop` at the end, which also leads everything back to the shared product. */
export async function ownProduct(): Promise<OwnProduct> {
  const before = keys.map((key) => process.env[key]);
  const started = await testProduct();
  process.env['CONCLAVE_URL'] = started.url;
  process.env['CONCLAVE_FOLDER'] = started.folder;
  process.env['CONCLAVE_FACTS'] = JSON.stringify({ ports: started.ports });
  return {
    ...started,
    end: async (name, signal = 'SIGKILL') => {
      const victim = started.product.processes.find((supervised) => supervised.name === name);
      if (!victim?.pid || !victim.process) throw new Error(`${name} does not run`);
      const { exited } = victim.process;
      process.kill(victim.pid, signal);
      await exited;
    },
    ready: async () => {
      const services = ['auth', 'rooms', 'files', 'gateway'] as const;
      const limit = Date.now() + 45_000;
      for (;;) {
        if ((await Promise.all(services.map((name) => started.product.isReady(name)))).every(Boolean)) return;
        if (Date.now() > limit) throw new Error('a service did not come back');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    stop: async () => {
      keys.forEach((key, i) => (process.env[key] = before[i]));
      await started.stop();
    },
  };
}
