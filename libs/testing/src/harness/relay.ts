import { BlockList, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { runOrThrow } from '@conclave/servers';

/** Where containers reach this machine, and how to close the way. */
export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

/** This machine's address in the network of the engine's default bridge; null where the bridge is in a virtual machine. */
async function ownAddressOnTheBridge(): Promise<string | null> {
  // Not every engine names the gateway here, but each names the network.
  const ask = ['network', 'inspect', 'bridge', '--format', '{{range .IPAM.Config}}{{println .Subnet}}{{end}}'];
  const bridge = new BlockList();
  for (const subnet of (await runOrThrow('docker', ask)).split('\n')) {
    const [, network, bits] = /^([\d.]+)\/(\d+)$/.exec(subnet.trim()) ?? [];
    if (network) bridge.addSubnet(network, Number(bits));
  }
  const entries = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return entries.find(({ family, address }) => family === 'IPv4' && bridge.check(address))?.address ?? null;
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
  const gateway = await ownAddressOnTheBridge();
  if (!gateway) return { url: at('host.docker.internal', target.port), close: () => Promise.resolve() };

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
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, gateway, resolve));
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
