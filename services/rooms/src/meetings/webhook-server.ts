import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock, Logger, Metrics } from '@conclave/platform';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { jwtVerify } from 'jose';
import { WebhookEvent } from 'livekit-server-sdk';
import { configToken, type Config } from '../config.js';
import { RoomsMetrics } from '../metrics.js';
import { HandleWebhook } from './handle-webhook.js';

const mostBytes = 64 * 1024;
const headersTimeoutMs = 5_000;
const requestTimeoutMs = 10_000;
/** Between the media server's clock and ours. */
const clockToleranceSeconds = 10;

type WebhookConfig = Pick<
  Config,
  'WEBHOOK_HOST' | 'WEBHOOK_PORT' | 'LISTEN_FD' | 'LIVEKIT_WEBHOOK_KEY' | 'LIVEKIT_WEBHOOK_SECRET'
>;

/** Where the media server tells what happened. Signature, body hash and expiry are checked before anything is read. */
@Injectable()
export class WebhookServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly secret: Uint8Array;
  private server: Server | undefined;

  constructor(
    @Inject(configToken) private readonly config: WebhookConfig,
    private readonly handleWebhook: HandleWebhook,
    private readonly metrics: RoomsMetrics,
    private readonly requests: Metrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.secret = new TextEncoder().encode(config.LIVEKIT_WEBHOOK_SECRET);
  }

  async onApplicationBootstrap(): Promise<void> {
    const server = createServer((request, response) => {
      const began = performance.now();
      response.once('close', () => {
        const seen = { route: '/webhooks/livekit', method: request.method === 'POST' ? 'POST' : 'other' };
        this.requests.observeHttp({ ...seen, status: response.statusCode }, (performance.now() - began) / 1000);
      });
      void this.answer(request, response);
    });
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const { WEBHOOK_PORT: port, WEBHOOK_HOST: host, LISTEN_FD: fd } = this.config;
      server.listen({ port, host, fd }, resolve);
    });
    this.server = server;
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  }

  /** The port in use; another than configured where that was 0. */
  get port(): number {
    return (this.server?.address() as AddressInfo | null)?.port ?? 0;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method !== 'POST') return reply(response, 405);
      const body = await readBody(request);
      if (body === null) return reply(response, 413);
      const event = await this.verified(body, request.headers.authorization);
      if (!event) {
        this.metrics.webhooks.inc({ event: 'unknown', outcome: 'forged' });
        return reply(response, 401);
      }
      await this.handleWebhook.execute(event);
      return reply(response, 200);
    } catch (error) {
      this.logger.error('webhook failed', { error });
      return reply(response, 500);
    }
  }

  private async verified(body: string, authorization: string | undefined): Promise<WebhookEvent | null> {
    if (!authorization) return null;
    try {
      // As the SDK's receiver does, but by our clock and with the one algorithm.
      const { payload } = await jwtVerify(authorization, this.secret, {
        algorithms: ['HS256'],
        issuer: this.config.LIVEKIT_WEBHOOK_KEY,
        requiredClaims: ['exp'],
        clockTolerance: clockToleranceSeconds,
        currentDate: this.clock.now(),
      });
      if (payload['sha256'] !== createHash('sha256').update(body).digest('base64')) return null;
      return WebhookEvent.fromJson(JSON.parse(body), { ignoreUnknownFields: true });
    } catch {
      return null;
    }
  }
}

function reply(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { connection: status === 413 ? 'close' : 'keep-alive' }).end();
}

/** The body as text; null when it is longer than any webhook is. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
