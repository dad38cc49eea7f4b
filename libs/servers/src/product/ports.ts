import { readFile, rename, writeFile } from 'node:fs/promises';
import { freePort, isFree } from '../process/ports.js';
import { replicaNames, single, type Scale } from './scale.js';
import { productServices } from './services.js';

/** What exists once however many processes there are: servers, LiveKit's address, its webhook to rooms, files' data plane. */
const shared = ['postgres', 'nats', 'natsMonitor', 'minio', 'livekit', 'webhook', 'data'] as const;

/**
 * Every port inside the product. Beside the shared ones there is the internal port of each service's process under the
 * name of the process (`auth`, or `auth-1` and `auth-2`), and what several nodes of LiveKit need for themselves.
 */
export type ProductPorts = Readonly<Record<(typeof shared)[number], number>> & Readonly<Record<string, number>>;

/** The ports of a node of LiveKit, by their names. */
export const mediaPorts = (node: string): Readonly<Record<'api' | 'tcp' | 'udp' | 'metrics', string>> => ({
  api: node,
  tcp: node.replace('livekit', 'livekitTcp'),
  udp: node.replace('livekit', 'livekitUdp'),
  metrics: node.replace('livekit', 'livekitMetrics'),
});

function namesFor({ replicas, mediaNodes }: Scale): readonly string[] {
  const nodes = replicaNames('livekit', mediaNodes).flatMap((node) => Object.values(mediaPorts(node)));
  const services = productServices.flatMap((service) => replicaNames(service, replicas));
  return [...new Set([...shared, ...(mediaNodes > 1 ? ['redis'] : []), ...nodes, ...services])];
}

/** The ports of the last run where they are still free, others where they are not; remembered for the next run. */
export async function choosePorts(file: string, scale: Scale = single): Promise<ProductPorts> {
  const known = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Record<string, number>>;
  const ports: Record<string, number> = {};
  for (const name of namesFor(scale)) {
    const last = known[name];
    ports[name] = last && (await isFree(last)) ? last : await freePort();
  }
  await writeFile(`${file}.new`, JSON.stringify({ ...known, ...ports }, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return ports as ProductPorts;
}
