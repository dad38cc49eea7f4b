import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

function tcpFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function udpFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** Whether nobody listens there, neither over TCP nor over UDP. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await tcpFree(port, host)) && (await udpFree(port, host));
}

const handedOut = new Set<number>();

/**
 * A free port on loopback. Taken at random below the range from which systems number outgoing connections, so that
 * neither a second checkout nor a passing connection is likely to take it before its server listens.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(15_000, 32_000);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error('no free port on loopback between 15000 and 32000');
}
