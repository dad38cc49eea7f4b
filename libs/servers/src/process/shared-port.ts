import net from 'node:net';
import { getSystemErrorName } from 'node:util';

interface BoundHandle {
  readonly fd: number;
  /** Fills in where it is bound; an error number where it is not. */
  getsockname(into: object): number;
  close(): void;
}

// Node's own cluster module binds with it. The public calls would listen at once, and this process must take no connection.
const { _createServerHandle: bind } = net as unknown as {
  _createServerHandle(host: string, port: number, family: 4 | 6): BoundHandle | number;
};

/**
 * A port that several processes listen on together: it is bound here, they inherit the socket and share one queue of
 * connections. Whoever stops, however it stops, leaves the queue to the others; between a death and a new start, connections
 * wait instead of being refused.
 */
export class SharedPort {
  #handle: BoundHandle;

  /** @throws Error where the port cannot be had */
  constructor(host: string, port: number) {
    const bound = bind(host, port, net.isIPv6(host) ? 6 : 4);
    // A port that is taken is told only when one asks for more.
    const error = typeof bound === 'number' ? bound : bound.getsockname({});
    if (typeof bound === 'number' || error < 0)
      throw new Error(`port ${port} on ${host}: ${getSystemErrorName(error)}`);
    this.#handle = bound;
  }

  /** What a child inherits. */
  get fd(): number {
    return this.#handle.fd;
  }

  /** Gives the port up; children that still listen keep it. */
  close(): void {
    this.#handle.close();
  }
}
