import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onFileEnd } from '@conclave/testing';

/** What goes wrong with one request on its way to the store. */
export type Fault =
  /** The store refuses before it has read the body. */
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** The connection is reset once so many bytes of the body have passed. */
  | { readonly kind: 'reset'; readonly after: number }
  /** The store does its work, and its answer is lost. */
  | { readonly kind: 'lost' }
  /** So many bytes of the answer arrive, then the connection is reset. */
  | { readonly kind: 'cut'; readonly after: number }
  /** One bit of the body is turned over. */
  | { readonly kind: 'damage' }
  /** The store has answered, and its answer arrives once this is done. */
  | { readonly kind: 'meanwhile'; readonly work: () => Promise<unknown> };

const notImplemented: Fault = { kind: 'refuse', status: 501, code: 'NotImplemented' };

interface Awaited {
  readonly matches: (seen: string) => boolean;
  readonly fault: Fault;
}

/** A door before a real store through which requests go as they are, but for those that a spec has something happen to. */
export class StoreProxy {
  /** Method and address of each request, in order. */
  readonly seen: string[] = [];
  /** Bytes of all answers so far. */
  gave = 0;
  /** What this store does not know: a request with such a header is answered 501. */
  unknown: readonly string[] = [];
  private readonly awaited: Awaited[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async before(endpoint: string): Promise<StoreProxy> {
    const server = createServer();
    const proxy = new StoreProxy(server, new URL(endpoint));
    server.on('request', (incoming: IncomingMessage, answer: ServerResponse) => proxy.pass(incoming, answer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onFileEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many faults were asked for and have not happened; they are forgotten with that. */
  left(): number {
    return this.awaited.splice(0).length;
  }

  /** Has something happen to the next request like this; one fault for each request. */
  next(like: RegExp, ...faults: Fault[]): void {
    for (const fault of faults) this.awaited.push({ matches: (seen) => like.test(seen), fault });
  }

  private pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const seen = `${incoming.method} ${incoming.url}`;
    this.seen.push(seen);
    const at = this.awaited.findIndex(({ matches }) => matches(seen));
    const notKnown = this.unknown.some((name) => name in incoming.headers);
    const fault = notKnown ? notImplemented : this.awaited.splice(at, at < 0 ? 0 : 1)[0]?.fault;
    if (fault?.kind === 'refuse') {
      const text = `<?xml version="1.0"?><Error><Code>${fault.code}</Code></Error>`;
      answer.writeHead(fault.status, { 'content-type': 'application/xml' }).end(text);
      // Read away, as servers do for a while: a reset would take the answer with it.
      incoming.on('error', () => undefined).resume();
      return;
    }
    const outgoing = request({
      host: this.target.hostname,
      port: this.target.port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      // The signature covers it.
      setHost: false,
      agent: false,
    });
    const reset = (): void => {
      incoming.socket.resetAndDestroy();
      outgoing.destroy();
    };
    outgoing.on('error', reset);
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('response', (response) => {
      // It may have answered, and gone, before all of the body was there.
      response.on('error', reset);
      if (fault?.kind === 'lost') return void response.resume().on('end', reset);
      if (fault?.kind === 'meanwhile') {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const passOn = (): void =>
            void answer.writeHead(response.statusCode ?? 502, response.rawHeaders).end(Buffer.concat(chunks));
          fault.work().then(passOn, reset);
        });
        return;
      }
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      let passed = 0;
      response.on('data', (chunk: Buffer) => {
        this.gave += chunk.length;
        const left = fault?.kind === 'cut' ? Math.max(0, fault.after - passed) : chunk.length;
        passed += chunk.length;
        if (left < chunk.length) answer.write(chunk.subarray(0, left), reset);
        else if (!answer.write(chunk)) response.pause();
      });
      answer.on('drain', () => response.resume());
      response.on('end', () => answer.end());
      return undefined;
    });
    let came = 0;
    incoming.on('data', (chunk: Buffer) => {
      came += chunk.length;
      if (fault?.kind === 'reset' && came > fault.after) return reset();
      const passed = fault?.kind === 'damage' && came === chunk.length ? damaged(chunk) : chunk;
      if (!outgoing.write(passed)) incoming.pause();
    });
    outgoing.on('drain', () => incoming.resume());
    incoming.on('end', () => outgoing.end());
  }
}

function damaged(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  const last = copy.length - 1;
  copy[last] = (copy[last] ?? 0) ^ 1;
  return copy;
}
