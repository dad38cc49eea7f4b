import { connect, createServer, type Server, type Socket } from 'node:net';

const connectMs = 2_000;

/**
 * One address for several servers on this machine, as a Service is under Kubernetes: connections go round, and one that
 * does not answer is passed over. For servers that cannot share a port by themselves.
 */
export class Balancer {
  #server: Server;
  #ports: readonly number[];
  #open = new Set<Socket>();
  #next = 0;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => void this.#pass(socket));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve());
    });
    this.#server.unref();
  }

  /** Ends every connection and the port. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  async #pass(client: Socket): Promise<void> {
    this.#keep(client);
    const first = this.#next++;
    for (let i = 0; i < this.#ports.length; i++) {
      const port = this.#ports[(first + i) % this.#ports.length];
      const server = port === undefined ? null : await open(port);
      if (!server) continue;
      if (client.destroyed) return void server.destroy();
      this.#keep(server);
      join(client, server);
      join(server, client);
      return;
    }
    client.destroy();
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // `close` follows
    socket.once('close', () => this.#open.delete(socket));
  }
}

/** What one side says goes to the other; when one breaks off, so does the other. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.once('close', (broken) => {
    if (broken || !from.readableEnded) to.destroy();
  });
}

/** A connection to a server, or null where none answers. */
function open(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const timer = setTimeout(() => socket.destroy(), connectMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}
