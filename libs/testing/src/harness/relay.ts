import { connect, createServer, type Socket } from 'node:net';
import { runOrThrow } from '@conclave/servers';

/** Where containers reach this machine, and how to close the way. */
export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

/** The address at which the engine's default bridge reaches the machine that the engine runs on. */
async function bridgeGateway(): Promise<string> {
  const ask = ['network', 'inspect', 'bridge', '--format', '{{range .IPAM.Config}}{{println .Subnet .Gateway}}{{end}}'];
  for (const line of (await runOrThrow('docker', ask)).split('\n')) {
    const [, network, gateway] = /^([\d.]+)\/\d+ *([\d.]*)$/.exec(line.trim()) ?? [];
    // Not every engine names the gateway here, but each names the network, and gives the first address of it to itself.
    if (network) return gateway || network.replace(/\d+$/, (last) => `${Number(last) + 1}`);
  }
  throw new Error('the default bridge of the container engine has no IPv4 network');
}

/**
 * Lets a container call a server that listens on this machine's loopback. An engine on this machine gives its containers
 * the bridge's own address, where a relay listens; one in a virtual machine brings them to loopback by itself.
 */
export async function relayTo(url: string): Promise<Relay> {
  const target = new URL(url);
  const at = (host: string, port: number | string): string => {
    const reached = new URL(url);
    reached.hostname = host;
    reached.port = `${port}`;
    return reached.href;
  };
  const gateway = await bridgeGateway();
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  const server = createServer((incoming) => {
    const outgoing = connect({ host: target.hostname, port: Number(target.port) });
    for (const socket of [incoming, outgoing]) keep(socket);
    incoming.on('error', () => outgoing.destroy()).pipe(outgoing);
    outgoing.on('error', () => incoming.destroy()).pipe(incoming);
  });
  // Asked by listening: a bridge that no container is on yet is in no list of this machine's interfaces.
  const here = await new Promise<boolean>((resolve, reject) => {
    server
      .once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRNOTAVAIL' ? resolve(false) : reject(error),
      )
      .listen(0, gateway, () => resolve(true));
  });
  if (!here) return { url: at('host.docker.internal', target.port), close: () => Promise.resolve() };
  const { port } = server.address() as { port: number };
  return {
    url: at(gateway, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
