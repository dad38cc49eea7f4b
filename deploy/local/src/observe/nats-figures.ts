import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

/** Numbers of `/varz`, nested names joined by `_`: the names that NATS' own exporter gives them. */
function numbersOf(value: Json, prefix: string): [string, number][] {
  return Object.entries(value).flatMap(([key, one]): [string, number][] => {
    const name = `${prefix}_${key}`;
    if (typeof one === 'number') return [[name, one]];
    const nested = typeof one === 'object' && one !== null && !Array.isArray(one);
    return nested ? numbersOf(one as Json, name) : [];
  });
}

/** NATS' figures in the text format of Prometheus. */
export function natsFigures(varz: Json): string {
  const server = String(varz['server_name'] ?? '').replace(/["\\\n]/g, '');
  return numbersOf(varz, 'nats_varz')
    .filter(([name]) => /^[a-z0-9_]+$/.test(name))
    .map(([name, value]) => `# TYPE ${name} gauge\n${name}{server="${server}"} ${value}\n`)
    .join('');
}

/** NATS tells its figures as JSON; this says them in Prometheus' words, on loopback. */
export async function exportNats(monitorPort: number): Promise<{ port: number; stop: () => Promise<void> }> {
  const server: Server = createServer((_request, response) => {
    void fetch(`http://127.0.0.1:${monitorPort}/varz`, { signal: AbortSignal.timeout(3_000) })
      .then(async (answer) => natsFigures((await answer.json()) as Json))
      .then((text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text))
      // Prometheus then says that the target is down, which is the truth.
      .catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP listener always has one
  return {
    port,
    stop: () => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}
