import { readFile, rename, writeFile } from 'node:fs/promises';
import { freePort, isFree } from '../process/ports.js';

const names = [
  'postgres',
  'nats',
  'minio',
  'livekit',
  'livekitTcp',
  'livekitUdp',
  'auth',
  'rooms',
  'files',
  'gateway',
  'webhook',
  'data',
] as const;

/** Every port inside the product: four servers, the internal port of each service, LiveKit's webhook to rooms, files' data plane. */
export type ProductPorts = Readonly<Record<(typeof names)[number], number>>;

/** The ports of the last run where they are still free, others where they are not; remembered for the next run. */
export async function choosePorts(file: string): Promise<ProductPorts> {
  const known = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Record<string, number>>;
  const ports: Record<string, number> = {};
  for (const name of names) {
    const last = known[name];
    ports[name] = last && (await isFree(last)) ? last : await freePort();
  }
  await writeFile(`${file}.new`, JSON.stringify(ports, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return ports as ProductPorts;
}
