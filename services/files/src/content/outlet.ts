import type { ServerResponse } from 'node:http';
import { Bell } from './bell.js';

/** Where the bytes of an answer leave: one at a time waits until there is room, or until it is over. */
export class Outlet {
  private readonly change = new Bell();
  private readonly ring = (): void => this.change.ring();

  constructor(
    private readonly response: ServerResponse,
    private readonly signal: AbortSignal,
  ) {
    response.on('drain', this.ring).on('finish', this.ring);
    signal.addEventListener('abort', this.ring);
  }

  /** Gives bytes to the socket; resolves once it takes more. `sent` is called when it has taken all of these. */
  async write(bytes: Buffer, sent: (error?: Error | null) => void): Promise<void> {
    if (this.response.write(bytes, sent)) return;
    while (this.response.writableNeedDrain) await this.rung();
  }

  /** Ends the answer; resolves when the kernel has all of it. */
  async end(): Promise<void> {
    this.response.end();
    while (!this.response.writableFinished) await this.rung();
  }

  close(): void {
    this.response.off('drain', this.ring).off('finish', this.ring);
    this.signal.removeEventListener('abort', this.ring);
  }

  private async rung(): Promise<void> {
    this.signal.throwIfAborted();
    await this.change.rung();
    this.signal.throwIfAborted();
  }
}
