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
  /** How the connection ended, once it has. */
  end: string | undefined;
  /** The first bytes are there. */
  readonly began: Promise<void>;
  private readonly socket: Socket;
  private readonly looks: NodeJS.Timeout;
  private steps: NodeJS.Timeout | undefined;
  private readonly port: Promise<number>;
  private arrived = 0;

  constructor(
    url: string,
    headers: Readonly<Record<string, string>>,
    readonly pace: Pace,
  ) {
    const { hostname, port, host, pathname } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('error', (error: NodeJS.ErrnoException) => (this.end = error.code ?? error.message));
    this.socket.on('end', () => (this.end ??= 'end'));
    this.port = new Promise((resolve) => this.socket.once('connect', () => resolve(this.socket.localPort ?? 0)));
    const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
    this.began = new Promise((resolve) => this.socket.once('readable', resolve));
    this.looks = setInterval(() => void this.look(), lookMs);
    void this.began.then(() => this.take());
  }

  /** Reads whatever is still there, so that the end is seen. */
  async finish(): Promise<string> {
    clearInterval(this.looks);
    clearInterval(this.steps);
    this.socket.resume();
    const limit = performance.now() + 2_000;
    while (this.end === undefined && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 10));
    this.socket.destroy();
    return this.end ?? 'open';
  }

  private take(): void {
    if (this.pace === 'fast') this.socket.resume();
    if (this.pace === 'slow') this.steps = setInterval(() => void this.socket.read(slowly.bytes), slowly.ms);
  }

  private async look(): Promise<void> {
    const arrived = this.socket.bytesRead + (kernelSocket(await this.port)?.unread ?? 0);
    if (arrived > this.arrived) this.arrivedAt = performance.now();
    this.arrived = Math.max(this.arrived, arrived);
  }
}
