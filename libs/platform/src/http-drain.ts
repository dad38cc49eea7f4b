import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** So long whoever holds a connection open has to send its next request and read `Connection: close` in the answer. */
const settleMs = 2_000;
const lookMs = 50;

/**
 * Ends an HTTP server without losing a request. Closing at once would cut connections on which the next request is already
 * on its way; so answers first tell everybody to go, and only what is quiet then is closed.
 */
export class HttpDrain {
  private begun = false;
  private readonly unanswered = new Set<ServerResponse>();
  private closed: Promise<void> | undefined;

  /** @param sharesSocket other processes listen on the same socket: they take every connection from the beginning of the stop */
  constructor(
    private readonly server: Server,
    private readonly sharesSocket: boolean,
  ) {
    server.prependListener('request', (_request, response) => {
      if (this.begun) response.shouldKeepAlive = false;
      this.unanswered.add(response);
      response.once('close', () => this.unanswered.delete(response));
    });
  }

  /** From now on every answer ends its connection. */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    for (const response of this.unanswered) response.shouldKeepAlive = false;
    if (this.sharesSocket) this.closed = this.stopListening();
  }

  /** Resolves when nobody is connected any more, or when everybody has had the time to hear it. */
  async settle(): Promise<void> {
    for (const until = Date.now() + settleMs; Date.now() < until; await sleep(lookMs))
      if ((await this.connections()) === 0) return;
  }

  /** Closes what is idle, waits for what is not. */
  async end(): Promise<void> {
    this.begin();
    this.closed ??= this.stopListening();
    const closed = this.closed.then(() => true);
    do this.server.closeIdleConnections();
    while (!(await Promise.race([closed, sleep(lookMs, false)])));
  }

  private connections(): Promise<number> {
    return new Promise((resolve) => this.server.getConnections((_error, count) => resolve(count)));
  }

  /** Only the port: `close` of an HTTP server would cut idle connections with it. */
  private stopListening(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.server.listening) return resolve();
      NetServer.prototype.close.call(this.server, () => resolve());
    });
  }
}
