import { connect, type Socket } from 'node:net';
import { kernelSocket } from './kernel-socket.js';

/** How somebody takes the bytes of a download: as they come, 64 KiB each 50 ms, or none after the first. */
export type Pace = 'fast' | 'slow' | 'stopped';

const slowly = { bytes: 64 * 1024, ms: 50 };
const lookMs = 20;

/**
 * Downloads by hand and watches in the kernel when bytes arrive, whether or not they are read: what has arrived is what has left the
 * gateway.
 */
export class WatchedReader {
  /** When the latest bytes arrived, by `performance.now()`. */
  arrivedAt = 0;
  /** The first bytes are there. */
  readonly began: Promise<void>;
  private readonly socket: Socket;
  private readonly looks: NodeJS.Timeout;
  private steps: NodeJS.Timeout | undefined;
  private readonly port: Promise<number>;
  private arrived = 0;
  /** When the kernel was first seen without the connection: nothing arrives any more. */
  private goneAt: number | undefined;
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
    this.port = new Promise((resolve) => this.socket.once('connect', () => resolve(this.socket.localPort ?? 0)));
    const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
    this.began = new Promise((resolve) => this.socket.once('readable', resolve));
    this.looks = setInterval(() => void this.look(), lookMs);
    void this.began.then(() => this.take());
  }

  /**
   * Ends the watch; how the connection stands. One that was closed in order is still there for its reader, one that was reset is gone from the
   * kernel at once, whatever of it has been read.
   */
  async finish(): Promise<'reset' | 'closed' | 'open'> {
    await this.look();
    clearInterval(this.looks);
    clearInterval(this.steps);
    const kernel = kernelSocket(await this.port);
    this.socket.destroy();
    if (this.endedInOrder || kernel?.state === 'close-wait') return 'closed';
    return kernel ? 'open' : 'reset';
  }

  private take(): void {
    if (this.pace === 'fast') this.socket.resume();
    if (this.pace === 'slow') this.steps = setInterval(() => void this.socket.read(slowly.bytes), slowly.ms);
  }

  private async look(): Promise<void> {
    const port = await this.port;
    const kernel = kernelSocket(port);
    const now = performance.now();
    if (!kernel && this.goneAt === undefined) {
      this.goneAt = now;
      // What came after the look before, nobody saw arrive: at the latest now.
      if (this.arrived > 0) this.arrivedAt = now;
    }
    if (!kernel) return;
    const arrived = this.socket.bytesRead + kernel.unread;
    if (arrived > this.arrived) this.arrivedAt = now;
    this.arrived = Math.max(this.arrived, arrived);
  }
}
