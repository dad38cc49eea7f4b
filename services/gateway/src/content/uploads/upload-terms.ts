import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteHandler } from '../../http/route.js';
import { tus } from './tus-words.js';

/** Says which tus is spoken here. It is no answer to a preflight: foreign pages change nothing. */
@Injectable()
export class UploadTerms implements RouteHandler<unknown> {
  async handle(_parts: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.headers['access-control-request-method'] !== undefined) throw new DomainError('NOT_FOUND');
    void reply.headers({
      'tus-resumable': tus.version,
      'tus-version': tus.version,
      'tus-extension': tus.extensions,
    });
    await reply.code(204).send();
  }
}
