import { once } from 'node:events';
import { pipeline } from 'node:stream';
import { files, timestampDate } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { holdUntilClosed, sever } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteHandler, StreamParts } from '../../http/route.js';
import { contentPolicy } from '../../http/security-headers.js';
import { LiveConnections, refusalOfCut, type LivePlace } from '../../live/live-connections.js';
import { PresenceLeases } from '../../live/presence-leases.js';
import { isUnchanged, rangeOf, validatorsOf } from './conditions.js';
import { contentRangeOf, DataPlane } from './data-plane.js';
import { attachment } from './file-name.js';

type Download = StreamParts<{ readonly slug: string; readonly fileId: string }>;

/** Streams a file's bytes from files to the browser. A stream that breaks off is never ended as if it were whole. */
@Injectable()
export class FileDownload implements RouteHandler<Download> {
  constructor(
    @InjectClient(files.FilesService) private readonly client: ServiceClient<typeof files.FilesService>,
    private readonly plane: DataPlane,
    private readonly live: LiveConnections,
    private readonly leases: PresenceLeases,
  ) {}

  async handle({ caller, call, params }: Download, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { userId, credentialId } = caller;
    const place = this.live.reserve({ kind: 'download', userId, credentialId });
    try {
      await this.open({ call, params }, request, reply, place);
    } finally {
      place.release();
    }
  }

  private async open(
    { call, params }: Pick<Download, 'call' | 'params'>,
    request: FastifyRequest,
    reply: FastifyReply,
    place: LivePlace,
  ): Promise<void> {
    const provenAt = performance.now();
    const { file, hopToken, roomId, joinId } = await this.client.openContent(params, call);
    if (!place.standOn({ roomId, joinId })) throw new DomainError(refusalOfCut[place.over ?? 'not-present']);
    if (!file?.createdAt) throw new TypeError('an opened file is missing in an answer');
    const validators = validatorsOf(file.id, timestampDate(file.createdAt));
    const told = { etag: validators.tag, 'last-modified': validators.modifiedAt.toUTCString() };
    if (isUnchanged(request.headers, validators)) return void (await reply.code(304).headers(told).send());
    void reply.headers({
      ...told,
      'content-type': 'application/octet-stream',
      'content-disposition': attachment(file.name),
      'content-security-policy': contentPolicy,
      'cache-control': 'no-store',
      'accept-ranges': 'bytes',
    });
    // Range means something for GET alone (RFC 9110, 14.2).
    if (request.method === 'HEAD') {
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-length': String(file.size),
      });
      return void reply.raw.end();
    }

    const { socket } = request.raw;
    const abort = new AbortController();
    place.whenCut((why) => {
      abort.abort(new DomainError(refusalOfCut[why]));
      // Only once bytes flow: before that, the refusal is still to be said.
      if (reply.raw.headersSent) sever(socket);
    });
    const dropLease = this.leases.hold({ roomId, place, credential: request.gateway.credential }, provenAt);
    const gone = (): void => abort.abort();
    socket.once('close', gone);
    // Whoever went while the file was opened is not streamed to.
    if (socket.destroyed) gone();
    try {
      await this.relay(rangeOf(request.headers, validators), { fileId: file.id, hopToken }, abort, reply);
    } finally {
      socket.off('close', gone);
      dropLease();
    }
  }

  private async relay(
    range: string | undefined,
    { fileId, hopToken }: { fileId: string; hopToken: string },
    abort: AbortController,
    reply: FastifyReply,
  ): Promise<void> {
    const upstream = await this.plane.get(fileId, hopToken, range, abort.signal).catch((error: unknown) => {
      forgetContent(reply, contentRangeOf(error));
      throw abort.signal.reason instanceof DomainError ? abort.signal.reason : error;
    });
    const { 'content-type': type, 'content-length': length, 'content-range': contentRange } = upstream.headers;
    const several = upstream.statusCode === 206 && type?.startsWith('multipart/byteranges; boundary=');
    const { socket } = reply.request.raw;
    holdUntilClosed(socket);
    reply.hijack();
    reply.raw.writeHead(upstream.statusCode === 206 ? 206 : 200, {
      ...(reply.getHeaders() as Record<string, string>),
      ...(length !== undefined && { 'content-length': length }),
      ...(contentRange !== undefined && { 'content-range': contentRange }),
      ...(several && { 'content-type': type }),
      connection: 'close',
    });
    // When our side breaks off, the browser sees a failed download and not a short file, and nothing more of it.
    // First of all who hear of it: `pipeline` would close in order.
    for (const end of ['aborted', 'error', 'close']) upstream.once(end, () => upstream.complete || sever(socket));
    await new Promise<void>((resolve) => pipeline(upstream, reply.raw, () => resolve()));
    // Until the browser has closed, what it has not read lies with us: the place is held, and presence with it.
    if (!socket.destroyed) await once(socket, 'close');
  }
}

/** A refusal is a problem document: what described the file does not describe it. */
function forgetContent(reply: FastifyReply, contentRange: string | undefined): void {
  for (const name of ['content-type', 'content-disposition', 'etag', 'last-modified']) reply.removeHeader(name);
  if (contentRange !== undefined) void reply.header('content-range', contentRange);
}
