import { Inject, Injectable } from '@nestjs/common';
import { gatewayConfig, type GatewayConfig } from '../../config.js';
import { streamRoute, type Route, type RouteSource } from '../route.js';
import { newNonce, pageHeaders } from '../security-headers.js';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/** The API's own description. */
@Injectable()
export class DocsRoutes implements RouteSource {
  private document: { [key: string]: unknown } = {};
  private text = '';

  constructor(@Inject(gatewayConfig) private readonly config: Pick<GatewayConfig, 'PUBLIC_URL'>) {}

  /** Called once at boot with every route there is. */
  describe(routes: readonly Route[]): void {
    this.document = openApiDocument(routes, this.config.PUBLIC_URL);
    this.text = JSON.stringify(this.document);
  }

  readonly routes = [
    streamRoute({
      method: 'GET',
      path: '/openapi.json',
      access: 'public',
      limit: 'read',
      says: 'This description, as OpenAPI 3.1.',
      status: 200,
      gives: 'application/json',
      handle: async (_parts, _request, reply) =>
        void (await reply.type('application/json; charset=utf-8').send(this.text)),
    }),
    streamRoute({
      method: 'GET',
      path: '/docs',
      access: 'public',
      limit: 'read',
      says: 'This description, as a page.',
      status: 200,
      gives: 'text/html',
      handle: async (_parts, _request, reply) => {
        const nonce = newNonce();
        const page = docsPage(this.document, nonce);
        await reply.headers(pageHeaders(nonce)).type('text/html; charset=utf-8').send(page);
      },
    }),
  ];
}
