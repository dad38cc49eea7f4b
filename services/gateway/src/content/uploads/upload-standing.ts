import { files, timestampDate } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { writerOf } from '../../http/rpc/answer-json.js';
import { sayProgress, speakTus } from './tus-words.js';

type Which = StreamParts<{ readonly slug: string; readonly fileId: string }>;

const view = writerOf(files.UploadSchema);

/** How far an upload has come. GET is a look; HEAD is how tus goes on, and takes it over from an older connection. */
@Injectable()
export class UploadStanding implements RouteHandler<Which> {
  constructor(
    @InjectClient(files.UploadsService) private readonly uploads: ServiceClient<typeof files.UploadsService>,
  ) {}

  async handle({ call, params }: Which, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.method !== 'HEAD') {
      const { upload } = await this.uploads.getUpload(params, call);
      return void (await reply.code(200).send(upload && view(upload)));
    }
    speakTus(request, reply);
    const { upload } = await this.uploads.resumeUpload(params, call);
    if (!upload) throw new TypeError('an upload is missing in an answer');
    sayProgress(reply, Number(upload.offset), upload.expiresAt && timestampDate(upload.expiresAt));
    await reply.code(200).header('upload-length', String(upload.size)).send();
  }
}
