import { inject, Injectable } from '@angular/core';
import { FETCH, Http } from './http';
import { ApiProblem, asProblem, noAnswer, parseProblem } from './problem';
import { contentUrl } from './upload';

/** So long nothing may come before the line counts as dead. */
const SILENCE_MS = 60_000;

/** Where bytes go: each is waited for before the next is read, so that no more than one lies in memory. */
export interface Sink {
  write(position: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** How far a download is, and of which state of the file: the tag makes sure that two parts are of the same. */
export interface Received {
  readonly bytes: number;
  readonly tag: string | null;
}

/** Reads a file's bytes from where a connection before has broken off. */
@Injectable({ providedIn: 'root' })
export class Downloads {
  private readonly fetch = inject(FETCH);
  private readonly http = inject(Http);

  /**
   * One connection: writes what comes behind what is there, and answers once the file is whole.
   * @param progress hears of each piece that is written, before the next is read
   * @throws ApiProblem UNAVAILABLE where it breaks off, and what the server says; what was written stays
   */
  async receive(
    slug: string,
    file: { readonly id: string; readonly size: number },
    before: Received,
    sink: Sink,
    signal: AbortSignal,
    progress: (received: Received) => void,
  ): Promise<void> {
    const silence = new AbortController();
    const stop = AbortSignal.any([signal, silence.signal]);
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
    };
    try {
      const goesOn = before.bytes > 0 && before.tag !== null;
      const response = await this.ask(contentUrl(slug, file.id), stop, goesOn ? before : null);
      const tag = response.headers.get('ETag');
      // Another state of the file comes whole: what is there counts no longer.
      let at = response.status === 206 ? startOf(response, file.size) : 0;
      if (response.status === 206 && at !== before.bytes) throw new ApiProblem('INTERNAL');
      progress({ bytes: at, tag });
      const reader = response.body?.getReader();
      for (;;) {
        const part = await reader?.read().catch((cause: unknown) => Promise.reject(noAnswer(cause)));
        if (!part || part.done) break;
        heard();
        if (at + part.value.length > file.size) throw new ApiProblem('LENGTH_MISMATCH');
        await sink.write(at, part.value);
        at += part.value.length;
        heard();
        progress({ bytes: at, tag });
      }
      // A body that ends too early was cut, however clean it looks.
      if (at !== file.size) throw noAnswer();
    } finally {
      clearTimeout(timer);
    }
  }

  private async ask(url: string, signal: AbortSignal, from: Received | null): Promise<Response> {
    const headers: Record<string, string> = {};
    if (from) Object.assign(headers, { Range: `bytes=${from.bytes}-`, 'If-Range': from.tag ?? '' });
    let response: Response;
    try {
      response = await this.fetch(url, { headers, cache: 'no-store', credentials: 'same-origin', signal });
    } catch (cause) {
      throw noAnswer(cause);
    }
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => undefined);
    const problem = asProblem(parseProblem(response.status, body, response.headers.get('Retry-After')));
    if (problem.reason === 'UNAUTHENTICATED') this.http.onSignedOut();
    throw problem;
  }
}

/** Where a part begins, by what it says of itself. @throws ApiProblem where it is a part of something else */
function startOf(response: Response, size: number): number {
  const [, from, to, all] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
  if (from === undefined || Number(all) !== size || Number(to) !== size - 1) throw new ApiProblem('INTERNAL');
  return Number(from);
}
