import { DomainError } from '@conclave/errors';
import { RequestScope } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { request as ask } from 'undici';
import { configToken, type Config } from '../../config.js';
import { OriginPolicy } from '../../http/origin.js';
import { SessionResolver } from '../../session/session-resolver.js';
import { MediaDoor, mediaPaths, sessionOf } from './media-door.js';
import { checkedQuery, ticketIn, upstreamUrl } from './signal-query.js';

const longestAnswerBytes = 16 * 1024;

/** `/rtc/validate`: where livekit-client asks why a connection failed. The same checks as the connection itself. */
@Injectable()
export class MediaValidate {
  constructor(
    private readonly door: MediaDoor,
    private readonly sessions: SessionResolver,
    private readonly origins: OriginPolicy,
    @Inject(configToken) private readonly config: Pick<Config, 'LIVEKIT_URL'>,
  ) {}

  register(fastify: FastifyInstance): void {
    for (const path of mediaPaths) {
      const url = `${path}/validate`;
      // The guard would take the media token in the Authorization header for a bearer of ours: this door asks by itself.
      const config = { declared: { access: 'public', template: url, limit: 'read' } as const };
      fastify.get(url, { config }, (request, reply) => this.answer(url, request, reply));
    }
  }

  private async answer(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.origins.refuseForeignRead(request.headers);
    const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
    const ticket = ticketIn(query, request.headers);
    const checked = checkedQuery(path, query);
    const { mediaToken } = await RequestScope.run(request.gateway.scope, async () => {
      const caller = await this.sessions.resolve(sessionOf(request.raw));
      return this.door.authorize(ticket, caller);
    });
    const url = upstreamUrl(new URL(this.config.LIVEKIT_URL), path, checked, mediaToken);
    const { statusCode, body } = await ask(url, { headersTimeout: 8_000, bodyTimeout: 8_000 }).catch(
      (cause: unknown) => {
        throw new DomainError('UNAVAILABLE', { cause });
      },
    );
    const text = await body.text();
    return reply.code(statusCode).type('text/plain; charset=utf-8').send(text.slice(0, longestAnswerBytes));
  }
}
