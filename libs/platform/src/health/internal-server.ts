import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../metrics/metrics.js';
import type { HealthRegistry } from './health-registry.js';

/** The port for the machinery around a service: `/livez`, `/readyz`, `/metrics`, and nothing else. Never published. */
export class InternalServer {
  private readonly server: Server;

  constructor(
    private readonly health: HealthRegistry,
    private readonly metrics: Metrics,
  ) {
    this.server = createServer((request, response) => {
      void this.answer(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    this.server.requestTimeout = 10_000;
    this.server.headersTimeout = 5000;
  }

  /** Listens; answers the address, which matters with port 0. */
  async start(host: string, port: number): Promise<{ host: string; port: number }> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const address = this.server.address() as AddressInfo; // a TCP listener always has one
    return { host: address.address, port: address.port };
  }

  /** Closes the port; open keep-alive connections do not hold it up. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 404, { error: 'not found' });
    switch (request.url?.split('?')[0]) {
      case '/livez':
        // Only that the event loop turns: a dependency that is down must not restart every replica.
        return send(response, 200, { alive: true });
      case '/readyz': {
        const report = await this.health.report();
        return send(response, report.ready ? 200 : 503, report);
      }
      case '/metrics': {
        const body = await this.metrics.text();
        response.writeHead(200, { 'content-type': this.metrics.contentType, 'cache-control': 'no-store' }).end(body);
        return;
      }
      default:
        return send(response, 404, { error: 'not found' });
    }
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
