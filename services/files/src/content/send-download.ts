import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { sever } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FilesMetrics } from '../files-metrics.js';
import type { HopClaim } from '../file/hop-token.js';
import { OpenDownload, type Download } from './open-download.js';
import { Stall } from './stall.js';

/** Bytes that are given to the socket at once: with what it holds of the ones before, it never has 256 KiB unsent. */
const mostAtOnce = 128 * 1024;

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
  ) {}

  async execute({ claim, range, headersOnly }: DownloadRequest, response: ServerResponse): Promise<void> {
    const download = await this.opening.execute(claim, range);
    const { start, end } = download.bytes;
    const finished = this.metrics.streamStarted(headersOnly ? 0 : end - start);
    try {
      if (headersOnly) sendHead(response, download).end();
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
    try {
      for await (const chunk of download.read(signal)) {
        inHand.add(chunk);
        for (let at = 0; at < chunk.length; at += mostAtOnce) {
          const part = chunk.subarray(at, at + mostAtOnce);
          const last = at + mostAtOnce >= chunk.length;
          await watch.spend(part.length);
          if (!response.headersSent) sendHead(response, download);
          // The callback comes when the socket has taken all of the chunk.
          const sent = (error?: Error | null) => {
            if (last && !error && inHand.delete(chunk)) download.release(chunk);
          };
          if (!response.write(part, sent)) await once(response, 'drain', { signal });
          stall.moved();
          this.metrics.sent(part.length);
        }
      }
      // An empty file has been verified by now like any other.
      if (!response.headersSent) sendHead(response, download);
      response.end();
      if (!response.writableFinished) await once(response, 'finish', { signal });
    } catch (error) {
      if (gone.signal.aborted && !watch.signal.aborted && !stall.signal.aborted) return;
      throw signal.aborted ? signal.reason : error;
    } finally {
      stall.end();
      afterwards(response, () => inHand.forEach((chunk) => download.discard(chunk)));
      watch.signal.removeEventListener('abort', onLost);
      response.off('close', onClose);
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

/** Status and headers; the gateway passes them on and adds what browsers need. */
function sendHead(response: ServerResponse, { bytes, size, name }: Download): ServerResponse {
  const { start, end, whole } = bytes;
  return response.writeHead(whole ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': end - start,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'content-disposition': `attachment; filename*=UTF-8''${extValue(name)}`,
    ...(!whole && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
  });
}

/** RFC 8187: percent-encoded UTF-8, stricter than encodeURIComponent. */
const extValue = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
