import { connect, type Socket } from 'node:net';
import type { Endpoint, KernelTable } from './kernel-table.js';

/** How somebody takes the bytes of a download: as they come, 64 KiB each 50 ms, or none after the first. */
export type Pace = 'fast' | 'slow' | 'stopped';

const slowly = { bytes: 64 * 1024, ms: 50 };

/** How a connection stands: its server has reset it, or closed it in order, or has not let go of it. */
export type WireEnd = 'reset' | 'closed' | 'open';

/**
 * Downloads by hand, and knows from the kernel how long the connection stands at the server's end, which on loopback is in the kernel's table
 * too: while it is there something may leave, and once it is gone nothing can. What the reader's own kernel holds or shows says neither.
 */
export class WatchedReader {
  /** The first bytes are there. */
  readonly began: Promise<void>;
  /** When the server's end was first seen to be gone, by `performance.now()`: nothing leaves it any more. */
  goneAt: number | undefined;
  private readonly socket: Socket;
  private steps: NodeJS.Timeout | undefined;
  private ends: { readonly ours: Endpoint; readonly theirs: Endpoint } | undefined;
  private endedInOrder = false;

  constructor(
    url: string,
    headers: Readonly<Record<string, string>>,
    readonly pace: Pace,
  ) {
    const { hostname, port, host, pathname } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('error', () => undefined);
    this.socket.on('end', () => (this.endedInOrder = true));
    this.socket.once('connect', () => {
      const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = this.socket;
      const ours = { address: localAddress, port: localPort };
      this.ends = { ours, theirs: { address: remoteAddress, port: remotePort } };
    });
    const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
    this.began = new Promise((resolve) => this.socket.once('readable', resolve));
  }

  /** Begins to take what comes, as it is its way. */
  take(): void {
    if (this.pace === 'fast') this.socket.resume();
    if (this.pace === 'slow') this.steps = setInterval(() => void this.socket.read(slowly.bytes), slowly.ms);
  }

  /** One that is missed once and seen again was there: a table that changes while it is read may leave a line out. */
  look(table: KernelTable): void {
    if (!this.ends) return;
    const { ours, theirs } = this.ends;
    if (table.has(theirs, ours)) this.goneAt = undefined;
    else this.goneAt ??= performance.now();
  }

  /** Ends the reading; how the connection stood when it was last looked for. One that was closed with bytes unread is still there. */
  finish(): WireEnd {
    clearInterval(this.steps);
    this.socket.destroy();
    if (this.endedInOrder) return 'closed';
    return this.goneAt === undefined ? 'open' : 'reset';
  }
}
