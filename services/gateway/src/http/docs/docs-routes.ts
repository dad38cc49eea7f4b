import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamRoute, type RouteHandler, type StreamParts } from '../route.js';
import { newNonce, pageHeaders } from '../security-headers.js';
import { ApiDocument } from './api-document.js';
import { docsPage } from './docs-page.js';

/** The API's own description, as a document. */
@Injectable()
export class OpenApi implements RouteHandler {
  constructor(private readonly document: ApiDocument) {}

  async handle(_parts: StreamParts, _request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.type('application/json; charset=utf-8').send(this.document.text);
  }
}

/** The API's own description, as a page. */
@Injectable()
export class DocsPage implements RouteHandler {
  constructor(private readonly document: ApiDocument) {}

  async handle(_parts: StreamParts, _request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const nonce = newNonce();
    const page = docsPage(this.document.content, nonce);
    await reply.headers(pageHeaders(nonce)).type('text/html; charset=utf-8').send(page);
  }
}

/** By hand: no service is asked. */
export const docsRoutes = [
  streamRoute({
    name: 'openApi',
    method: 'GET',
    path: '/openapi.json',
    access: 'public',
    limit: 'read',
    says: 'This description, as OpenAPI 3.1.',
    status: 200,
    gives: 'application/json',
    handler: OpenApi,
  }),
  streamRoute({
    name: 'docs',
    method: 'GET',
    path: '/docs',
    access: 'public',
    limit: 'read',
    says: 'This description, as a page.',
    status: 200,
    gives: 'text/html',
    handler: DocsPage,
  }),
];
