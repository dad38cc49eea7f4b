import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { create, files, toBinary } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import {
  HttpDrain,
  Logger,
  Metrics,
  RequestScope,
  sever,
  Shutdown,
  Tracing,
  type EnteredSpan,
} from '@conclave/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import type { FileView } from '../files/file-views.js';
import { FilesMetrics } from '../files-metrics.js';
import { HopTokens, type HopAction, type HopClaim } from '../file/hop-token.js';
import { GiveBackUpload } from './give-back-upload.js';
import { ReceiveUpload, type Incoming } from './receive-upload.js';
import { answerRefusal, asRefusal } from './refusal.js';
import { mostAtOnce, SendDownload } from './send-download.js';

/** How long streams may go on after a stop was asked for; below `drainMs` of main.ts, which is below the grace period of 120 s. */
const drainMs = 110_000;
/** How long, and how much of, a refused body may go on arriving, so that its sender reads the refusal and not a reset. */
const linger = { ms: 3_000, bytes: 64 * 1024 * 1024 };

/** One request: what it is, whom it is counted as, and what it does. */
interface Route {
  readonly name: string;
  readonly action: HopAction;
  readonly fileId: string;
  /** Its place is not needed. */
  readonly givesBack?: true;
  /** The next bytes of it, and not all. */
  readonly appends?: true;
}

/** File bytes over HTTP, between gateway and files only. A hop token says who may do what with which file. */
@Injectable()
export class DataPlane implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly server: Server;
  private readonly drain: HttpDrain;
  private closing: Promise<void> | undefined;

  constructor(
    @Inject(configToken) private readonly config: Pick<Config, 'DATA_HOST' | 'DATA_PORT' | 'LISTEN_FD'>,
    private readonly hopTokens: HopTokens,
    private readonly uploads: ReceiveUpload,
    private readonly returns: GiveBackUpload,
    private readonly downloads: SendDownload,
    private readonly filesMetrics: FilesMetrics,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
    shutdown: Shutdown,
  ) {
    // Uploads may take hours; each stream has its own watch for standing still.
    this.server = createServer({
      requestTimeout: 0,
      headersTimeout: 10_000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 8_192,
      highWaterMark: 2 * mostAtOnce,
    });
    this.drain = new HttpDrain(this.server, config.LISTEN_FD !== undefined);
    this.server.on('request', (request, response) => {
      const { 'x-correlation-id': correlationId, traceparent } = request.headers;
      const span = Tracing.enter(
        { name: 'stream', kind: 'server' },
        { correlationId: oneOf(correlationId), traceparent: oneOf(traceparent) },
      );
      void RequestScope.run(span.scope, () => this.serve(request, response, span));
    });
    shutdown.add('traffic', 'data plane sends away', async () => this.drain.begin());
    shutdown.add('work', 'data plane drains', () => this.close());
  }

  async onApplicationBootstrap(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      const { DATA_PORT: port, DATA_HOST: host, LISTEN_FD: fd } = this.config;
      this.server.listen({ port, host, fd }, () => resolve());
    });
    this.logger.info('data plane listens', { port: this.port });
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  /** The port it listens on; matters where the configuration says 0. */
  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Takes the streams that were on their way here, then no more, and lets those in flight end for a while. */
  private close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    this.drain.begin();
    await this.drain.settle();
    const timer = setTimeout(() => this.server.closeAllConnections(), drainMs);
    await this.drain.end();
    clearTimeout(timer);
  }

  private async serve(request: IncomingMessage, response: ServerResponse, span: EnteredSpan): Promise<void> {
    const started = performance.now();
    const route = routeOf(request);
    let outcome = 'ok';
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    try {
      if (!route) throw new DomainError('NOT_FOUND');
      const claim = this.hopTokens.verify(tokenOf(request), route.action, route.fileId);
      if (route.givesBack) await this.giveBack(response, claim);
      else if (route.action === 'upload')
        await this.filesMetrics.observe('upload', () =>
          route.appends ? this.append(request, response, claim) : this.upload(request, response, claim),
        );
      else await this.filesMetrics.observe('download', () => this.download(request, response, claim));
    } catch (error) {
      const refusal = asRefusal(error);
      outcome = refusal.reason;
      this.refuse(request, response, refusal, span.scope.correlationId);
    } finally {
      const { method = 'GET' } = request;
      span.end(outcome, {
        name: `${method} ${route?.name ?? 'none'}`,
        attributes: {
          'http.response.status_code': response.statusCode,
          ...(route && { 'conclave.file': route.fileId }),
        },
      });
      this.metrics.observeHttp(
        { route: route?.name ?? 'none', method, status: response.statusCode },
        (performance.now() - started) / 1000,
      );
    }
  }

  private async upload(request: IncomingMessage, response: ServerResponse, claim: HopClaim): Promise<void> {
    const file = await withSender(request, response, (incoming) => this.uploads.whole(claim, incoming));
    answerFile(response, 201, file);
  }

  private async append(request: IncomingMessage, response: ServerResponse, claim: HopClaim): Promise<void> {
    const offset = numberIn(request.headers['upload-offset']);
    if (offset === undefined) throw invalidArgument('Upload-Offset');
    const { stored, expiresAt, view } = await withSender(request, response, (incoming) =>
      this.uploads.append(claim, offset, incoming),
    );
    response.setHeader('upload-offset', stored);
    if (expiresAt) response.setHeader('upload-expires', expiresAt.toUTCString());
    if (view) answerFile(response, 200, view);
    else response.writeHead(204).end();
  }

  private async giveBack(response: ServerResponse, claim: HopClaim): Promise<void> {
    await this.returns.execute(claim);
    response.writeHead(204).end();
  }

  private download(request: IncomingMessage, response: ServerResponse, claim: HopClaim): Promise<void> {
    const { range } = request.headers;
    return this.downloads.execute({ claim, range, headersOnly: request.method === 'HEAD' }, response);
  }

  private refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: DomainError,
    correlationId: string,
  ): void {
    const { reason } = refusal;
    if (reason === 'INTERNAL' || reason === 'FILE_INTEGRITY')
      this.logger.error('stream failed', { reason, error: refusal.cause ?? refusal });
    // Begun bodies are cut, never ended; and nobody listens to an answer on a closed socket.
    if (response.headersSent || response.destroyed) return sever(request.socket);
    // Not `connection: close`: node would close right behind the answer, and bytes that still arrive would turn that into a
    // reset, which overtakes the answer.
    if (!request.complete) {
      response.shouldKeepAlive = true;
      lingerOver(request);
    }
    answerRefusal(response, refusal, correlationId);
  }
}

/** Does something with a request's body and knows when its sender goes away. Without a declared length there is nothing to hold it to. */
async function withSender<T>(
  request: IncomingMessage,
  response: ServerResponse,
  work: (incoming: Incoming) => Promise<T>,
): Promise<T> {
  const length = numberIn(request.headers['content-length']);
  if (length === undefined) throw new DomainError('LENGTH_MISMATCH');
  const gone = new AbortController();
  const onClose = () => gone.abort(new DomainError('UPLOAD_ABORTED', { message: 'the sender went away' }));
  response.once('close', onClose);
  try {
    return await work({ body: request, length, gone: gone.signal });
  } finally {
    response.off('close', onClose);
  }
}

/** As the bus would carry it: the gateway shows it as every other file. */
function answerFile(response: ServerResponse, status: number, file: FileView): void {
  const body = toBinary(files.FileSchema, create(files.FileSchema, file));
  response.writeHead(status, { 'content-type': 'application/protobuf', 'content-length': body.length }).end(body);
}

const numberIn = (header: string | string[] | undefined): number | undefined =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;

/** Reads a body that nobody wants for a moment, then gives its connection up. */
function lingerOver(request: IncomingMessage): void {
  const { socket } = request;
  let left = linger.bytes;
  const timer = setTimeout(() => sever(socket), linger.ms);
  const over = () => clearTimeout(timer);
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) sever(socket);
  });
  request.once('end', over).once('close', over);
  request.resume();
}

const oneOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

function routeOf({ method, url = '' }: IncomingMessage): Route | undefined {
  const [, place, fileId, ...rest] = url.split('/');
  if (!fileId || rest.length > 0) return undefined;
  if (place === 'uploads' && method === 'PUT') return { name: '/uploads/{fileId}', action: 'upload', fileId };
  if (place === 'uploads' && method === 'PATCH')
    return { name: '/uploads/{fileId}', action: 'upload', fileId, appends: true };
  if (place === 'uploads' && method === 'DELETE')
    return { name: '/uploads/{fileId}', action: 'upload', fileId, givesBack: true };
  if (place === 'content' && (method === 'GET' || method === 'HEAD'))
    return { name: '/content/{fileId}', action: 'read', fileId };
  return undefined;
}

function tokenOf({ headers: { authorization = '' } }: IncomingMessage): string {
  const match = /^Hop ([\w.-]+)$/.exec(authorization);
  if (!match?.[1]) throw new DomainError('UNAUTHENTICATED');
  return match[1];
}
