import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { broadcastTable, methodTable } from '@conclave/contracts';
import { freePort, startProduct } from '@conclave/servers';

/** Starts the product in a folder of its own and tells the journeys where it is; ends it afterwards. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-e2e-'));
  // Postgres runs as an account of its own when we are root, and must be able to pass through.
  await chmod(folder, 0o711);
  const port = await freePort();
  const lines: string[] = [];
  const product = await startProduct({
    folder,
    postgresFolder: join(folder, 'postgres'),
    checkout: resolve(import.meta.dirname, '../..'),
    publicUrl: `http://localhost:${port}`,
    publicHost: '127.0.0.1',
    publicPort: port,
    contracts: { calls: methodTable, broadcasts: broadcastTable },
    durable: false,
    onLine: (name, line) => lines.push(`${name} ${line}`),
  });
  process.env['CONCLAVE_URL'] = product.url;
  process.env['CONCLAVE_FOLDER'] = folder;
  process.env['CONCLAVE_FACTS'] = JSON.stringify({ ports: product.ports });
  return async () => {
    await product.stop();
    await writeFile(join(tmpdir(), 'conclave-e2e-last.log'), lines.join('\n'));
    await rm(folder, { recursive: true, force: true });
  };
}
