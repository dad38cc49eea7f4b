import { DomainError } from '@conclave/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { newNonce, pageHeaders } from '../http/security-headers.js';
import { bestEncoding, readAssets, type Asset } from './asset-folder.js';
import { IndexPage } from './index-page.js';

/** Addresses that the app routes by itself: words, slugs and ids, no dots, no empty segments. */
const appRoute = /^(?:\/[A-Za-z0-9_-]+)+$/;
/** Addresses that hands and mail programs mangle; the app mends them. */
const mangledRoute = /^\/+(?:r|invite)(?:\/|%|$)/i;
/** First segments that are never the app's, in any case of letters; a page there would hide a mistake. */
const notTheApp = /^\/(?:api|rtc|twirp|livez|readyz|metrics)(?:\/|$)/i;

const immutable = 'public, max-age=31536000, immutable';

/** Serves the built web app from memory. */
export class WebApp {
  private readonly assets: ReadonlyMap<string, Asset>;
  private readonly page: IndexPage;

  /** @throws OperatorError with words when the built app is not there */
  constructor(config: Pick<Config, 'WEB_ROOT'>) {
    const assets = new Map(readAssets(config.WEB_ROOT));
    const index = assets.get('/index.html');
    // readAssets refuses a folder without it.
    this.page = new IndexPage(index?.bytes.toString('utf8') ?? '');
    assets.delete('/index.html');
    this.assets = assets;
  }

  register(fastify: FastifyInstance): void {
    const config = { declared: { access: 'public', template: 'web' } as const };
    fastify.get('/', { config }, (_request, reply) => this.sendPage(reply));
    fastify.get('/*', { config }, (request, reply) => this.send(request, reply));
  }

  /** Compresses ahead, one after another, so that the first visitor does not wait for it. */
  async warmUp(): Promise<void> {
    for (const asset of this.assets.values()) await asset.encoded('br');
  }

  private async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = request.url.split('?', 1)[0] ?? '';
    const asset = this.assets.get(path);
    if (asset) return this.sendAsset(asset, request, reply);
    if (notTheApp.test(path) || !wantsPage(request)) return this.sendMissing(request, reply);
    if (appRoute.test(path) || mangledRoute.test(path)) return this.sendPage(reply);
    return this.sendMissing(request, reply);
  }

  /** Who navigates and finds nothing reads it on a page; a program is told in its own way. @throws DomainError NOT_FOUND */
  sendMissing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (!isNavigation(request)) throw new DomainError('NOT_FOUND');
    return this.sendPage(reply.code(404));
  }

  private sendPage(reply: FastifyReply): FastifyReply {
    const nonce = newNonce();
    return reply.headers(pageHeaders(nonce)).type('text/html; charset=utf-8').send(this.page.withNonce(nonce));
  }

  private async sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { bytes, encoding } = await asset.encoded(bestEncoding(header(request, 'accept-encoding')));
    const etag = encoding === 'identity' ? asset.etag : asset.etag.replace(/"$/, `-${encoding}"`);
    void reply.headers({
      'content-type': asset.type,
      'cache-control': asset.immutable ? immutable : 'no-cache',
      vary: 'Accept-Encoding',
      etag,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    });
    if (header(request, 'if-none-match') === etag) return reply.code(304).send();
    return reply.send(bytes);
  }
}

/** A navigation, or a plain client; a script or an image that is missing must not become a page. */
function wantsPage(request: FastifyRequest): boolean {
  const destination = header(request, 'sec-fetch-dest');
  if (destination !== undefined) return destination === 'document';
  const accept = header(request, 'accept');
  return accept === undefined || accept.includes('text/html') || accept.includes('*/*');
}

/** A browser shows its answer to a person. */
export function isNavigation(request: FastifyRequest): boolean {
  const destination = header(request, 'sec-fetch-dest');
  if (destination !== undefined) return destination === 'document';
  return header(request, 'accept')?.includes('text/html') ?? false;
}

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
