import { join } from 'node:path';
import { ManagedProcess, baseEnvironment } from '../process/managed-process.js';
import { httpOk } from '../process/probes.js';
import { serviceEnvironment } from './environment.js';
import { linesTo, portOf, type StartFacts } from './server-starts.js';
import { baseName } from './scale.js';
import type { ProductService } from './services.js';

/** Starts one process of a service, which migrates its own database, and waits until it says that it is ready. */
export async function startService(
  name: string,
  { options, ports, secrets, sealing, sockets }: StartFacts,
  signal: AbortSignal,
): Promise<ManagedProcess> {
  const { checkout, publicUrl, publicHost, publicPort, tls, logLevel } = options;
  const service = baseName(name) as ProductService;
  const socket = sockets[service];
  const child = new ManagedProcess({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(checkout, 'services', service, 'dist', 'main.js')],
    env: {
      ...baseEnvironment(),
      ...serviceEnvironment(service, {
        ports,
        secretFile: (secret) => secrets.file(secret),
        publicUrl,
        publicHost,
        publicPort,
        webRoot: options.webRoot ?? join(checkout, 'web', 'dist', 'browser'),
        sealing: { engine: process.env['SEALING_ENGINE'] || 'auto', module: sealing.file },
        ...(tls ? { tls } : {}),
        ...(logLevel ? { logLevel } : {}),
        ...(name === service ? {} : { replica: name }),
      }),
      ...options.environment?.[service],
    },
    cwd: join(checkout, 'services', service),
    ...(socket ? { inherit: [socket.fd] } : {}),
    group: 'service',
    killAfterMs: 20_000,
    repeatStopAfterMs: 15_000,
    ...linesTo(options)(name),
  });
  try {
    const ready = `http://127.0.0.1:${portOf(ports, name)}/readyz`;
    await child.ready(() => httpOk(ready), 60_000, signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
