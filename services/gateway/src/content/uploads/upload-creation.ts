import { files, timestampDate } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type CallOptions, type ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from '../../http/problem.js';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { BodyToFiles, byteCount, declaredSize } from '../files/body-to-files.js';
import { DataPlane, isRefusalOfFiles, type Appended } from '../files/data-plane.js';
import { decodeMetadata, offsetStream, sayProgress, speakTus } from './tus-words.js';

type Creation = StreamParts<{ readonly slug: string }>;

/** Refusals of the first bytes that leave the upload as it is: whoever began it asks how far it has come, and goes on. */
const goesOn = [
  'CONFLICT',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
  'UPLOAD_ABORTED',
  'DEADLINE_EXCEEDED',
  'BUSY',
  'STORE_FULL',
];

/** Begins an upload that outlasts its connection; the request may bring its first bytes along. */
@Injectable()
export class UploadCreation implements RouteHandler<Creation> {
  constructor(
    @InjectClient(files.FilesService) private readonly client: ServiceClient<typeof files.FilesService>,
    @InjectClient(files.UploadsService) private readonly uploads: ServiceClient<typeof files.UploadsService>,
    private readonly plane: DataPlane,
    private readonly bodies: BodyToFiles,
  ) {}

  async handle({ caller, call, params }: Creation, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    speakTus(request, reply);
    const { raw: body } = request;
    await this.bodies.hold(
      caller,
      body,
      () => declared(request),
      async ({ over, place }, { size, length, ...named }) => {
        const asked = { ...params, ...named, size: BigInt(size), resumable: true };
        const { fileId, hopToken, roomId, joinId, expiresAt } = await this.client.startUpload(asked, call);
        place.standOn({ roomId, joinId });
        const begun = { offset: 0, ...(expiresAt && { expiresAt: timestampDate(expiresAt) }) };
        const brings = length > 0 || size === 0;
        const first = () => this.plane.append(fileId, hopToken, { offset: 0, size: length }, over);
        const now = brings
          ? await this.bodies.send(body, over, first).catch(async (error: unknown) => {
              const found = await this.stillThere(error, { slug: params.slug, fileId }, call);
              // An empty file has nothing more to send: it is there, or it is not.
              if (!found || (size === 0 && found.expiresAt)) throw error;
              return found;
            })
          : begun;
        sayProgress(reply, now.offset, now.expiresAt);
        await reply
          .code(201)
          .header('location', `${request.url.split('?', 1)[0]}/${fileId}`)
          .send();
      },
    );
  }

  /** The upload after its first bytes were refused, or when it was begun before under the same key. */
  private async stillThere(
    error: unknown,
    which: { slug: string; fileId: string },
    { principal = '' }: CallOptions,
  ): Promise<Appended | undefined> {
    const refusal = isRefusalOfFiles(error) || (error instanceof DomainError && error.reason === 'UNAVAILABLE');
    if (!refusal || !goesOn.includes(error.reason)) return undefined;
    const { upload } = await this.uploads.getUpload(which, { principal });
    if (!upload) return undefined;
    const { offset, expiresAt } = upload;
    return { offset: Number(offset), ...(expiresAt && { expiresAt: timestampDate(expiresAt) }) };
  }
}

/** What a request to begin says of the file, and how many bytes it brings. */
function declared({ headers, raw }: FastifyRequest) {
  const size = byteCount('Upload-Length', headers['upload-length']);
  const none = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  const length = none ? 0 : declaredSize(raw);
  if (length > 0 && headers['content-type'] !== offsetStream)
    throw new HttpRefusal(415, 'INVALID_ARGUMENT', { field: 'Content-Type' });
  if (length > size) throw new DomainError('LENGTH_MISMATCH');
  return { size, length, ...decodeMetadata(headers['upload-metadata']) };
}
