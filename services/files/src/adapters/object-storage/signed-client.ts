import { Tracing, type Clock } from '@conclave/platform';
import { Agent, type Dispatcher } from 'undici';
import { canonicalQuery, percentEncode, signedHeaders, type SigningIdentity } from './sigv4.js';
import { StoreRefusal } from './store-refusal.js';

/** Where the bucket is and who we are there. */
export interface BucketAccess extends SigningIdentity {
  /** `http://127.0.0.1:9000`; path style, so it works with every S3. */
  readonly endpoint: string;
  readonly bucket: string;
}

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

/** Signed requests to one bucket; bodies are buffers that go out one after another, with back-pressure. It knows HTTP and nothing of files. */
export class SignedClient {
  private readonly agent = new Agent({
    connections: 128,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect: { timeout: 5_000 },
  });
  private readonly endpoint: URL;

  constructor(
    private readonly access: BucketAccess,
    private readonly clock: Clock,
  ) {
    this.endpoint = new URL(access.endpoint);
  }

  /** Sends; any status comes back as it is. No answer at all is UNAVAILABLE, an abort is the signal's reason. */
  send(request: StoreRequest): Promise<Dispatcher.ResponseData> {
    const { method } = request;
    const facts = { name: `s3 ${method}`, kind: 'client', attributes: { 'http.request.method': method } } as const;
    return Tracing.within(facts, () => this.exchange(request));
  }

  private async exchange(request: StoreRequest): Promise<Dispatcher.ResponseData> {
    const path = `/${percentEncode(this.access.bucket)}/${request.key.split('/').map(percentEncode).join('/')}`;
    const query = request.query ?? {};
    const headers = signedHeaders(
      { method: request.method, host: this.endpoint.host, path, query, headers: request.headers ?? {} },
      this.access,
      this.clock.now(),
    );
    const search = canonicalQuery(query);
    try {
      return await this.agent.request({
        origin: this.endpoint.origin,
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
    await this.agent.destroy();
  }
}
