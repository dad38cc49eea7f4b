import { testProduct, type TestProduct } from '@conclave/testing';

const keys = ['CONCLAVE_URL', 'CONCLAVE_FOLDER', 'CONCLAVE_FACTS'] as const;

/** A product of its own for journeys that kill parts of it; everything in support speaks to it until `end`. */
export interface OwnProduct extends TestProduct {
  /**
   * Ends a process at once, as a crash would, or asks it to end; every replica where the name is that of a service or server
   * (`rooms`), one where it is its own (`rooms-2`). Answers once they are gone.
   */
  end(name: string, signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Settles when every service says that it is ready. */
  ready(): Promise<void>;
}

/** Starts it. Call `stop` at the end, which also leads everything back to the shared product. */
export async function ownProduct(options?: Parameters<typeof testProduct>[0]): Promise<OwnProduct> {
  const before = keys.map((key) => process.env[key]);
  const started = await testProduct(options);
  process.env['CONCLAVE_URL'] = started.url;
  process.env['CONCLAVE_FOLDER'] = started.folder;
  process.env['CONCLAVE_FACTS'] = JSON.stringify({ ports: started.ports });
  return {
    ...started,
    end: async (name, signal = 'SIGKILL') => {
      const victims = started.product.replicas(name).map((supervised) => {
        if (!supervised.pid || !supervised.process) throw new Error(`${supervised.name} does not run`);
        return { pid: supervised.pid, exited: supervised.process.exited };
      });
      if (victims.length === 0) throw new Error(`there is no ${name}`);
      for (const { pid } of victims) process.kill(pid, signal);
      await Promise.all(victims.map(({ exited }) => exited));
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
