import { files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from '../../http/problem.js';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { BodyToFiles, byteCount, declaredSize } from '../files/body-to-files.js';
import { DataPlane } from '../files/data-plane.js';
import { offsetStream, sayProgress, speakTus } from './tus-words.js';

type Which = StreamParts<{ readonly slug: string; readonly fileId: string }>;

/** Takes the next bytes of an upload. After the last of them the file is there before this is answered. */
@Injectable()
export class UploadAppend implements RouteHandler<Which> {
  constructor(
    @InjectClient(files.UploadsService) private readonly uploads: ServiceClient<typeof files.UploadsService>,
    private readonly plane: DataPlane,
    private readonly bodies: BodyToFiles,
  ) {}

  async handle({ caller, call, params }: Which, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    speakTus(request, reply);
    const { raw: body } = request;
    await this.bodies.hold(
      caller,
      body,
      () => declared(request),
      async ({ over, place }, { offset, length }) => {
        const { upload, hopToken, roomId, joinId } = await this.uploads.resumeUpload(params, call);
        place.standOn({ roomId, joinId });
        if (!upload) throw new TypeError('an upload is missing in an answer');
        if (offset !== Number(upload.offset))
          throw new DomainError('CONFLICT', { details: { why: 'offset', offset: String(upload.offset) } });
        if (offset + length > Number(upload.size)) throw new DomainError('LENGTH_MISMATCH');
        const begin = () => this.plane.append(upload.id, hopToken, { offset, size: length }, over);
        // Whoever did not hear the answer to their last byte asks again: nothing is left to send.
        const now = hopToken === '' ? { offset } : await this.bodies.send(body, over, begin);
        sayProgress(reply, now.offset, 'expiresAt' in now ? now.expiresAt : undefined);
        await reply.code(204).send();
      },
    );
  }
}

function declared({ headers, raw }: FastifyRequest) {
  if (headers['content-type'] !== offsetStream)
    throw new HttpRefusal(415, 'INVALID_ARGUMENT', { field: 'Content-Type' });
  return { offset: byteCount('Upload-Offset', headers['upload-offset']), length: declaredSize(raw) };
}
