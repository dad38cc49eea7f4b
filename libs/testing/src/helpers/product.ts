import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { broadcastTable, methodTable } from '@conclave/contracts';
import { freePort, startProduct, type ProductOptions, type ProductPorts, type RunningProduct } from '@conclave/servers';

/** The whole product in a folder of its own, on free ports. */
export interface TestProduct {
  readonly url: string;
  /** Secrets, data and state; `data/minio` holds the objects. */
  readonly folder: string;
  readonly ports: ProductPorts;
  readonly product: RunningProduct;
  /** What the processes wrote so far. */
  readonly lines: readonly string[];
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/** How many of everything a run asks for, so that the same journeys try one and several. */
function scaleOfRun(): Pick<ProductOptions, 'replicas' | 'mediaNodes'> {
  const count = (name: string): number => {
    const text = process.env[name] ?? '1';
    if (!/^[1-8]$/.test(text)) throw new Error(`${name}=${text}: it is a number from 1 to 8`);
    return Number(text);
  };
  return { replicas: count('CONCLAVE_TEST_REPLICAS'), mediaNodes: count('CONCLAVE_TEST_MEDIA_NODES') };
}

/** What a spec may want otherwise. */
export type TestProductOptions = Pick<
  ProductOptions,
  'environment' | 'logLevel' | 'replicas' | 'mediaNodes' | 'beforeServices'
> & {
  /** Puts things into the installation's folder before anything is made there. */
  readonly prepare?: (folder: string) => Promise<void>;
};

/** Starts everything from the compiled checkout: servers, four services, the built web app. */
export async function testProduct({ prepare, ...options }: TestProductOptions = {}): Promise<TestProduct> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-product-'));
  // Postgres runs as an account of its own when we are root, and must be able to pass through.
  await chmod(folder, 0o711);
  await prepare?.(folder);
  const port = await freePort();
  const lines: string[] = [];
  const product = await startProduct({
    folder,
    postgresFolder: join(folder, 'postgres'),
    checkout: resolve(import.meta.dirname, '../../../..'),
    publicUrl: `http://localhost:${port}`,
    publicHost: '127.0.0.1',
    publicPort: port,
    contracts: { calls: methodTable, broadcasts: broadcastTable },
    durable: false,
    ...scaleOfRun(),
    ...options,
    onLine: (name, line) => lines.push(`${name} ${line}`),
  });
  return {
    url: product.url,
    folder,
    ports: product.ports,
    product,
    lines,
    stop: async () => {
      await product.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
