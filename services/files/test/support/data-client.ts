import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What came back, whole. */
export interface DataAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Body = Uint8Array | AsyncIterable<Uint8Array>;

/** How a body is sent. */
interface Sending {
  /** What is declared. */
  readonly length?: number | undefined;
  readonly headers?: Record<string, string>;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

/** Speaks to the data plane as the gateway does. */
export class DataClient {
  constructor(readonly port: number) {}

  /** Uploads; `length` is what is declared, `body` what is sent. */
  put(fileId: string, token: string, body: Body, options: Sending = {}): Promise<DataAnswer> {
    return this.send('PUT', fileId, token, body, options);
  }

  /** Sends the next bytes of an upload that is kept. */
  patch(fileId: string, token: string, offset: number, body: Body, options: Sending = {}): Promise<DataAnswer> {
    const headers = { 'upload-offset': String(offset), ...options.headers };
    return this.send('PATCH', fileId, token, body, { ...options, headers });
  }

  private send(
    method: 'PUT' | 'PATCH',
    fileId: string,
    token: string,
    body: Body,
    { length, headers = {}, signal }: Sending,
  ): Promise<DataAnswer> {
    const declared = length ?? (body instanceof Uint8Array ? body.length : undefined);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path: `/uploads/${fileId}`,
          method,
          ...(signal && { signal }),
          headers: {
            authorization: `Hop ${token}`,
            ...(declared !== undefined && { 'content-length': declared }),
            ...headers,
          },
        },
        (response) => collect(response).then(resolve, reject),
      );
      outgoing.on('error', reject);
      pipeline(body instanceof Uint8Array ? Readable.from([Buffer.from(body)]) : Readable.from(body), outgoing).catch(
        () => undefined,
      );
    });
  }

  /** Reads to the end; rejects when the body is cut. */
  async get(fileId: string, token: string, headers: Record<string, string> = {}, method = 'GET'): Promise<DataAnswer> {
    return collect(await this.open(fileId, token, headers, method));
  }

  /** Begins a read and hands out the response as it comes. */
  open(fileId: string, token: string, headers: Record<string, string> = {}, method = 'GET'): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(
        {
          host: '127.0.0.1',
          port: this.port,
          path: `/content/${fileId}`,
          method,
          headers: { authorization: `Hop ${token}`, ...headers },
          agent: false,
        },
        resolve,
      )
        .on('error', reject)
        .end();
    });
  }
}

async function collect(response: IncomingMessage): Promise<DataAnswer> {
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
}

/** The reason in a refusal's body. */
export const reasonOf = (answer: DataAnswer): string =>
  (JSON.parse(answer.body.toString()) as { reason: string }).reason;
