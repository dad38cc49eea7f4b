import { setTimeout as pause } from 'node:timers/promises';
import { files } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { CallOptions, ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { writerOf } from '../../http/rpc/answer-json.js';
import { BodyToFiles, declaredSize } from './body-to-files.js';
import { DataPlane, isRefusalOfFiles } from './data-plane.js';
import { decodeFileName } from './file-name.js';

/** The first of two tries may be sealing its last bytes: as long as a dead one is held at most, the second waits for it. */
const looks = { most: 64, everyMs: 500 };
type Upload = StreamParts<{ readonly slug: string }>;

const view = writerOf(files.FileSchema);

/** Takes a whole file in one request. */
@Injectable()
export class FileUpload implements RouteHandler<Upload> {
  constructor(
    @InjectClient(files.FilesService) private readonly client: ServiceClient<typeof files.FilesService>,
    private readonly plane: DataPlane,
    private readonly bodies: BodyToFiles,
  ) {}

  async handle({ caller, call, params }: Upload, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { raw: body, headers } = request;
    const declared = () => ({
      size: declaredSize(body),
      name: decodeFileName(headers['x-file-name']),
      type: declaredType(headers['content-type']),
    });
    await this.bodies.hold(caller, body, declared, async ({ over, place }, { size, name, type }) => {
      const asked = { ...params, name, type, size: BigInt(size) };
      const { fileId, hopToken, roomId, joinId } = await this.client.startUpload(asked, call);
      place.standOn({ roomId, joinId });
      const stream = this.bodies.send(body, over, () => this.plane.put(fileId, hopToken, size, type, over));
      const file = await stream.catch((error: unknown) => {
        if (isRefusalOfFiles(error)) return this.sharedBefore(error, { slug: params.slug, fileId }, call);
        // Whether a byte of it reached files, nobody knows here; nobody waits for the answer either.
        this.plane.giveBack(fileId, hopToken);
        throw error;
      });
      await reply.code(201).send(view(file));
    });
  }

  /**
   * The file of an upload that was sent again under its key, where the first has arrived. The data plane takes bytes once and its
   * token lives for seconds, so it refuses the second; the session that it then speaks of is not the person's.
   */
  private async sharedBefore(
    error: DomainError,
    which: { slug: string; fileId: string },
    call: CallOptions,
  ): Promise<files.File> {
    const taken = error.reason === 'CONFLICT' || error.reason === 'UNAUTHENTICATED';
    if (!taken || call.idempotencyKey === undefined) throw error;
    for (let look = 0; look < looks.most; look++) {
      const { file } = await this.client.getFile(which, { principal: call.principal ?? '' }).catch(nothingThere);
      if (file?.status === files.FileStatus.AVAILABLE) return file;
      if (file?.status !== files.FileStatus.UPLOADING)
        throw new DomainError('CONFLICT', { details: { field: 'Idempotency-Key' } });
      await pause(looks.everyMs);
    }
    throw new DomainError('UNAVAILABLE');
  }
}

/** A try that broke off leaves no file that anybody sees. */
function nothingThere(error: unknown): { file?: files.File } {
  if (error instanceof DomainError && error.reason === 'NOT_FOUND') return {};
  throw error;
}

function declaredType(header: string | undefined): string {
  const type = header?.trim() ?? '';
  if (type === '') return 'application/octet-stream';
  if (type.length > 255 || !/^[\x20-\x7e]+$/.test(type)) throw invalidArgument('Content-Type');
  return type;
}
