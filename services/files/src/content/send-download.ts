import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { sever } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FilesMetrics } from '../files-metrics.js';
import type { HopClaim } from '../file/hop-token.js';
import { Streams } from '../sealing/streams.js';
import type { ByteSpan } from './byte-range.js';
import { ByteRangesBody } from './byte-ranges-body.js';
import { OpenDownload, type Download } from './open-download.js';
import { Outlet } from './outlet.js';
import { Stall } from './stall.js';

/** Bytes that are given to the socket at once; with those before, it never has more than twice as many unsent (ADR 18). */
export const mostAtOnce = 128 * 1024;

/** What a request for bytes says. */
export interface DownloadRequest {
  readonly claim: HopClaim;
  readonly range: string | undefined;
  /** HEAD: everything but the bytes. */
  readonly headersOnly: boolean;
}

/**
 * Sends verified bytes to somebody who is in the room. What goes wrong before the first byte is a refusal; afterwards the
 * connection is severed, so that a body that was cut never looks whole, and nothing that lay in our buffers arrives any more.
 */
@Injectable()
export class SendDownload {
  constructor(
    private readonly opening: OpenDownload,
    private readonly metrics: FilesMetrics,
    private readonly streams: Streams,
  ) {}

  async execute(request: DownloadRequest, response: ServerResponse): Promise<void> {
    const leave = this.streams.reserve('download', request.claim.userId);
    try {
      await this.open(request, response);
    } finally {
      leave();
    }
  }

  private async open({ claim, range, headersOnly }: DownloadRequest, response: ServerResponse): Promise<void> {
    const download = await this.opening.execute(claim, range);
    const { spans } = download.bytes;
    const length = spans.reduce((sum, { start, end }) => sum + end - start, 0);
    const finished = this.metrics.streamStarted(headersOnly ? 0 : length);
    try {
      if (headersOnly) sendHead(response, headOf(download)).end();
      else await this.send(download, response);
    } finally {
      finished();
      download.close();
    }
  }

  private async send(download: Download, response: ServerResponse): Promise<void> {
    const { watch } = download;
    const stall = new Stall();
    const gone = new AbortController();
    const onClose = () => gone.abort(new Error('the reader went away'));
    // At once, not when the next chunk is due: what lies in our buffers must not go out any more.
    const onLost = () => response.headersSent && cut(response);
    response.once('close', onClose);
    watch.signal.addEventListener('abort', onLost, { once: true });
    const signal = AbortSignal.any([watch.signal, stall.signal, gone.signal]);
    const inHand = new Set<Buffer>();
    const outlet = new Outlet(response, signal);
    const head = headOf(download);
    const { frame } = head;
    try {
      for (const span of download.bytes.spans) {
        let before = frame?.before(span);
        for await (const part of this.partsOf(download, span, inHand, signal)) {
          await watch.spend(part.bytes.length);
          if (!response.headersSent) sendHead(response, head);
          if (before) await outlet.write(before, () => undefined);
          before = undefined;
          await outlet.write(part.bytes, part.sent);
          stall.moved();
          this.metrics.sent(part.bytes.length);
        }
      }
      // An empty file has been verified by now like any other.
      if (!response.headersSent) sendHead(response, head);
      if (frame) await outlet.write(frame.after, () => undefined);
      await outlet.end();
    } catch (error) {
      if (gone.signal.aborted && !watch.signal.aborted && !stall.signal.aborted) return;
      throw signal.aborted ? signal.reason : error;
    } finally {
      stall.end();
      outlet.close();
      afterwards(response, () => inHand.forEach((chunk) => download.discard(chunk)));
      watch.signal.removeEventListener('abort', onLost);
      response.off('close', onClose);
    }
  }

  /** Verified bytes of a span in pieces for the socket; a chunk is given back when its last piece has left. */
  private async *partsOf(
    download: Download,
    span: ByteSpan,
    inHand: Set<Buffer>,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly bytes: Buffer; readonly sent: (error?: Error | null) => void }, void> {
    for await (const chunk of download.read(span, signal)) {
      inHand.add(chunk);
      for (let at = 0; at < chunk.length; at += mostAtOnce) {
        const last = at + mostAtOnce >= chunk.length;
        const sent = (error?: Error | null): void => {
          if (last && !error && inHand.delete(chunk)) download.release(chunk);
        };
        yield { bytes: chunk.subarray(at, at + mostAtOnce), sent };
      }
    }
  }
}

/** Not while a socket may still read what it was given: a reader would take zeros for the file. */
function afterwards(response: ServerResponse, task: () => void): void {
  if (!response.headersSent || response.closed) task();
  else response.once('close', task);
}

function cut({ socket }: ServerResponse): void {
  if (socket) sever(socket);
}

/** Status and headers of an answer. */
interface Head {
  readonly status: 200 | 206;
  readonly headers: OutgoingHttpHeaders;
  /** What stands around its ranges, where there are several. */
  readonly frame?: ByteRangesBody;
}

/** The gateway passes it on and adds what browsers need. */
function headOf({ bytes: { spans, whole }, size, name }: Download): Head {
  const common = {
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'content-disposition': `attachment; filename*=UTF-8''${extValue(name)}`,
  };
  const [{ start, end } = { start: 0, end: size }, ...others] = spans;
  if (others.length > 0) {
    const frame = new ByteRangesBody(spans, size);
    return { status: 206, headers: { ...common, 'content-type': frame.type, 'content-length': frame.length }, frame };
  }
  const single = { ...common, 'content-type': 'application/octet-stream', 'content-length': end - start };
  if (whole) return { status: 200, headers: single };
  return { status: 206, headers: { ...single, 'content-range': `bytes ${start}-${end - 1}/${size}` } };
}

const sendHead = (response: ServerResponse, { status, headers }: Head): ServerResponse =>
  response.writeHead(status, headers);

/** RFC 8187: percent-encoded UTF-8, stricter than encodeURIComponent. */
const extValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
