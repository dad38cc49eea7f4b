import { files } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { speakTus } from './tus-words.js';

type Which = StreamParts<{ readonly slug: string; readonly fileId: string }>;

/** Gives an upload up. */
@Injectable()
export class UploadEnd implements RouteHandler<Which> {
  constructor(
    @InjectClient(files.UploadsService) private readonly uploads: ServiceClient<typeof files.UploadsService>,
  ) {}

  async handle({ call, params }: Which, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    speakTus(request, reply);
    await this.uploads.endUpload(params, call);
    await reply.code(204).send();
  }
}
