import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { files } from '@conclave/contracts';
import { DomainError, invalidArgument, type ErrorReason } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { CallOptions, ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from '../../http/problem.js';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { writerOf } from '../../http/rpc/answer-json.js';
import { LiveConnections, refusalOfCut, type LivePlace } from '../../live/live-connections.js';
import { DataPlane, isRefusalOfFiles } from './data-plane.js';
import { decodeFileName } from './file-name.js';

/** The first of two tries may be sealing its last bytes: as long as a dead one is held at most, the second waits for it. */
const looks = { most: 64, everyMs: 500 };
type Upload = StreamParts<{ readonly slug: string }>;

const view = writerOf(files.FileSchema);

/** Streams a body from the browser to files; nothing is kept here. */
@Injectable()
export class FileUpload implements RouteHandler<Upload> {
  constructor(
    @InjectClient(files.FilesService) private readonly client: ServiceClient<typeof files.FilesService>,
    private readonly plane: DataPlane,
    private readonly live: LiveConnections,
  ) {}

  async handle({ caller, call, params }: Upload, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { raw: body } = request;
    const { userId, credentialId } = caller;
    let place: LivePlace | undefined;
    const over = new AbortController();
    const stop = (reason: ErrorReason): void => over.abort(new DomainError(reason));
    // Fewer bytes than declared, or a closed tab: the request ends without being complete, whatever we wait for just then.
    const onClose = (): void => void (body.complete || stop('UPLOAD_ABORTED'));
    body.on('close', onClose);
    body.on('error', onClose);
    if (body.destroyed) onClose();
    try {
      const size = declaredSize(body);
      const name = decodeFileName(request.headers['x-file-name']);
      const type = declaredType(request.headers['content-type']);
      place = this.live.reserve({ kind: 'upload', userId, credentialId });
      place.whenCut((why) => stop(refusalOfCut[why]));
      over.signal.throwIfAborted();
      const asked = { ...params, name, type, size: BigInt(size) };
      const { fileId, hopToken, roomId, joinId } = await this.client.startUpload(asked, call);
      place.standOn({ roomId, joinId });
      const stream = this.stream(body, { fileId, hopToken, size, type }, over.signal);
      const file = await stream.catch((error: unknown) => {
        if (isRefusalOfFiles(error)) return this.sharedBefore(error, { slug: params.slug, fileId }, call);
        // Whether a byte of it reached files, nobody knows here; nobody waits for the answer either.
        this.plane.giveBack(fileId, hopToken);
        throw error;
      });
      await reply.code(201).send(view(file));
    } finally {
      place?.release();
      body.off('close', onClose);
    }
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

  private async stream(
    body: IncomingMessage,
    { fileId, hopToken, size, type }: { fileId: string; hopToken: string; size: number; type: string },
    over: AbortSignal,
  ): Promise<files.File> {
    over.throwIfAborted();
    const { into, done } = this.plane.put(fileId, hopToken, size, type, over);
    const onOver = (): void => void body.unpipe(into);
    over.addEventListener('abort', onOver);
    body.pipe(into);
    try {
      return await done;
    } finally {
      over.removeEventListener('abort', onOver);
      body.unpipe(into);
      if (!into.writableFinished) into.destroy();
    }
  }
}

/** A try that broke off leaves no file that anybody sees. */
function nothingThere(error: unknown): { file?: files.File } {
  if (error instanceof DomainError && error.reason === 'NOT_FOUND') return {};
  throw error;
}

function declaredSize({ headers }: IncomingMessage): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (length === undefined || encoding !== undefined)
    throw new HttpRefusal(411, 'INVALID_ARGUMENT', { field: 'Content-Length' });
  const size = Number(length);
  if (!/^\d{1,15}$/.test(length) || !Number.isSafeInteger(size)) throw invalidArgument('Content-Length');
  return size;
}

function declaredType(header: string | undefined): string {
  const type = header?.trim() ?? '';
  if (type === '') return 'application/octet-stream';
  if (type.length > 255 || !/^[\x20-\x7e]+$/.test(type)) throw invalidArgument('Content-Type');
  return type;
}
