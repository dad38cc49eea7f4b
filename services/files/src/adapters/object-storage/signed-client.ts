import { Tracing, type Clock } from '@conclave/platform';
import { Agent, type Dispatcher } from 'undici';
import { addressOf, connecting, type BucketAccess, type BucketAddress } from './bucket-access.js';
import { canonicalQuery, signedHeaders } from './sigv4.js';
import { StoreRefusal } from './store-refusal.js';

/** One request of ours. */
export interface StoreRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly length: number; readonly bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array> };
  readonly signal: AbortSignal;
}

/** How long the store may keep silent, unless it is reading a body from us: then the upload's own watch decides. */
const silenceMs = 30_000;

/** Connections for bodies of ours: two parts of an upload at a time, of 64 uploads and then some. */
const writing = 160;
/** Connections for all else. A slow reader keeps one for as long as it reads, and must not take those of uploads. */
const reading = 256;

/** Signed requests to one bucket; bodies are buffers that go out one after another, with back-pressure. It knows HTTP and nothing of files. */
export class SignedClient {
  private readonly writers: Agent;
  private readonly readers: Agent;
  private readonly address: BucketAddress;

  constructor(
    private readonly access: BucketAccess,
    private readonly clock: Clock,
  ) {
    this.address = addressOf(access);
    const connect = { timeout: 5_000, ...connecting(access) };
    const pool = (connections: number) => new Agent({ connections, pipelining: 1, keepAliveTimeout: 10_000, connect });
    this.writers = pool(writing);
    this.readers = pool(reading);
  }

  /** Sends; any status comes back as it is. No answer at all is a refusal that may pass, an abort is the signal's reason. */
  send(request: StoreRequest): Promise<Dispatcher.ResponseData> {
    const { method } = request;
    const facts = { name: `s3 ${method}`, kind: 'client', attributes: { 'http.request.method': method } } as const;
    return Tracing.within(facts, () => this.exchange(request));
  }

  private async exchange(request: StoreRequest): Promise<Dispatcher.ResponseData> {
    const { origin, host } = this.address;
    const path = this.address.path(request.key);
    const query = request.query ?? {};
    const headers = signedHeaders(
      { method: request.method, host, path, query, headers: request.headers ?? {} },
      this.access,
      this.clock.now(),
    );
    const search = canonicalQuery(query);
    try {
      return await (request.body ? this.writers : this.readers).request({
        origin,
        path: search ? `${path}?${search}` : path,
        method: request.method,
        headers: request.body ? { ...headers, 'content-length': String(request.body.length) } : headers,
        body: (request.body?.bytes as Dispatcher.DispatchOptions['body']) ?? null,
        signal: request.signal,
        headersTimeout: request.body ? 0 : silenceMs,
        bodyTimeout: silenceMs,
      });
    } catch (error) {
      request.signal.throwIfAborted();
      throw new StoreRefusal('object store did not answer', true, error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.writers.destroy(), this.readers.destroy()]);
  }
}
