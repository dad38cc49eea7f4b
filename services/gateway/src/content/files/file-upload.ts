import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { files } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileView } from '../../http/files/file-view.js';
import { HttpRefusal } from '../../http/problem.js';
import type { Exchange } from '../../http/route.js';
import { LiveConnections, type CutReason } from '../../live/live-connections.js';
import { SessionResolver, type Caller } from '../../session/session-resolver.js';
import { readCredential } from '../../session/session-cookie.js';
import { DataPlane } from './data-plane.js';
import { decodeFileName } from './file-name.js';

/** As many as one person may have on their way at once. */
const mostPerPerson = 32;
/** A body must go on: this much in this time, or the place it holds is given to somebody else. */
const pace = { bytes: 16 * 1024, ms: 30_000 };
/** After an early answer: so long a client may go on sending until its answer is read. */
const lingerMs = 3_000;
/** So long files may take to come back, and how often it is asked meanwhile. */
const restart = { longestMs: 20_000, pauseMs: 300 };

type Upload = Exchange & { readonly params: { readonly slug: string } };

/** Streams a body from the browser to files; nothing is kept here. */
@Injectable()
export class FileUpload {
  constructor(
    @InjectClient(files.FilesService) private readonly client: ServiceClient<typeof files.FilesService>,
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(LiveConnections) private readonly live: LiveConnections,
    @Inject(SessionResolver) private readonly sessions: SessionResolver,
  ) {}

  async receive(upload: Upload, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { caller, call, params } = upload;
    try {
      const size = declaredSize(request.raw);
      const name = decodeFileName(request.headers['x-file-name']);
      const type = declaredType(request.headers['content-type']);
      const mark = this.live.mark();
      if (this.live.count('upload', caller.userId) >= mostPerPerson)
        throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 5 });
      const { fileId, hopToken } = await this.client.startUpload({ ...params, name, type, size: BigInt(size) }, call);
      await this.stream(request.raw, { fileId, hopToken, size, type }, caller, mark);
      const file = await this.stored({ slug: params.slug, fileId }, await this.freshCall(request, call));
      await reply.code(201).send(fileView(file.file));
    } finally {
      lingerOver(request.raw);
    }
  }

  /**
   * The file as it is now. Its bytes are stored and everyone sees it: where files restarts right now, "failed" would be
   * untrue, and whoever believed it would share the same file twice.
   */
  private async stored(
    which: { slug: string; fileId: string },
    call: Exchange['call'],
  ): Promise<files.GetFileResponse> {
    for (const until = Date.now() + restart.longestMs; ;) {
      try {
        return await this.client.getFile(which, call);
      } catch (error) {
        const passing =
          error instanceof DomainError && (error.reason === 'UNAVAILABLE' || error.reason === 'DEADLINE_EXCEEDED');
        if (!passing || Date.now() > until) throw error;
        await delay(restart.pauseMs);
      }
    }
  }

  private async stream(
    body: IncomingMessage,
    { fileId, hopToken, size, type }: { fileId: string; hopToken: string; size: number; type: string },
    { userId, sessionId }: Caller,
    mark: number,
  ): Promise<void> {
    const { into, done } = this.plane.put(fileId, hopToken, size, type);
    const stop = (reason: 'UPLOAD_ABORTED' | 'UNAUTHENTICATED' | 'UNAVAILABLE'): void => {
      body.unpipe(into);
      into.destroy(new DomainError(reason));
    };
    const cut = (why: CutReason): void => stop(why === 'signed-out' ? 'UNAUTHENTICATED' : 'UNAVAILABLE');
    const release = this.live.admit({ kind: 'upload', userId, sessionId, cut }, mark);
    if (!release) stop('UNAUTHENTICATED');
    // Fewer bytes than declared, or a closed tab: the request ends without being complete.
    const onClose = (): void => void (body.complete || stop('UPLOAD_ABORTED'));
    body.on('close', onClose);
    body.on('error', onClose);
    const endPace = keepPace(body, () => stop('UPLOAD_ABORTED'));
    body.pipe(into);
    try {
      await done;
    } finally {
      endPace();
      release?.();
      body.off('close', onClose);
      body.unpipe(into);
      if (!into.writableFinished) into.destroy();
    }
  }

  /** A long upload outlives the principal token it began with. */
  private async freshCall(request: FastifyRequest, call: Exchange['call']): Promise<Exchange['call']> {
    const { principal } = await this.sessions.resolve(readCredential(request.headers));
    return { ...call, principal };
  }
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

/** Calls `tooSlow` once when the body does not go on; back-pressure of files counts as patience, not as slowness. */
function keepPace(body: IncomingMessage, tooSlow: () => void): () => void {
  let before = body.socket.bytesRead;
  const timer = setInterval(() => {
    const { bytesRead } = body.socket;
    const waitsForUs = body.isPaused() || body.readableLength >= body.readableHighWaterMark;
    if (bytesRead - before < pace.bytes && !body.complete && !waitsForUs) tooSlow();
    before = bytesRead;
  }, pace.ms);
  return () => clearInterval(timer);
}

/** Reads on for a moment after an early answer: closing at once would reset the connection before the answer is read. */
function lingerOver(body: IncomingMessage): void {
  if (body.complete || body.destroyed) return;
  const { socket } = body;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  body.on('error', () => undefined);
  body.once('close', () => clearTimeout(timer));
  body.once('end', () => clearTimeout(timer));
  body.resume();
}
