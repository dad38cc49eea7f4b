import { inject, Injectable } from '@angular/core';
import { Api, type Upload } from './api';
import { API_ROOT, Http, OUR_PAGE } from './http';
import { ApiProblem, asProblem, noAnswer, parseProblem, unreadableFile } from './problem';

/** So long nothing may move: the line is dead though nobody has said so, or the server has lost the thread. */
const SILENCE_MS = 60_000;

/** What is said of a file before its bytes. */
export interface UploadFacts {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** Bytes on their way: told how many of them have gone, stopped by the signal. */
export interface Sending {
  readonly signal: AbortSignal;
  readonly progress?: (sentBytes: number) => void;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | null;
}

/**
 * Resumable uploads by tus 1.0 (creation, creation-with-upload, termination), one method a request. XMLHttpRequest, because only
 * it tells how many bytes have gone. When to try again is not decided here.
 */
@Injectable({ providedIn: 'root' })
export class Uploads {
  private readonly api = inject(Api);
  private readonly http = inject(Http);

  /** The person's own uploads that are not whole yet: all of them, for nobody has more than a page holds. @throws ApiProblem */
  async list(slug: string): Promise<readonly Upload[]> {
    return (await this.api.uploads(slug, { limit: 100 })).items;
  }

  /**
   * Makes a place, with the first bytes where there are some; answers how far it is.
   * @param key the same for every try of the same file: it is one place, whatever becomes of the answers
   * @throws ApiProblem
   */
  async begin(
    slug: string,
    facts: UploadFacts,
    key: string,
    first: Blob | null,
    sending: Sending,
  ): Promise<{ id: string; offset: number }> {
    const headers = {
      'Upload-Length': String(facts.size),
      // eslint-disable-next-line conclave/marked-words -- a header, which nobody reads
      'Upload-Metadata': `filename ${base64(facts.name)},filetype ${base64(facts.type || 'application/octet-stream')}`,
      'Idempotency-Key': key,
      ...(first && { 'Content-Type': 'application/offset+octet-stream' }),
    };
    const answer = await this.ask('POST', placeOf(slug), headers, sending, first);
    const id = answer.header('Location')?.split('/').at(-1) ?? '';
    if (id === '') throw new ApiProblem('INTERNAL');
    return { id, offset: offsetOf(answer) };
  }

  /** How many bytes the server has. @throws ApiProblem NOT_FOUND where there is no such upload (any longer) */
  async stand(slug: string, id: string, sending: Sending): Promise<number> {
    try {
      return offsetOf(await this.ask('HEAD', placeOf(slug, id), {}, sending));
    } catch (error) {
      // An answer to HEAD has no words. Whoever may not know is told why by asking in another way.
      if (asProblem(error).reason === 'PERMISSION_DENIED') await this.list(slug);
      throw error;
    }
  }

  /** Sends what is left; answers how far it is then. @throws ApiProblem CONFLICT where the server stands elsewhere */
  async send(slug: string, id: string, offset: number, rest: Blob, sending: Sending): Promise<number> {
    const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) };
    return offsetOf(await this.ask('PATCH', placeOf(slug, id), headers, sending, rest));
  }

  /** Nothing more will come, and nothing is kept. @throws ApiProblem */
  async drop(slug: string, id: string): Promise<void> {
    // It reaches the server although the page goes away.
    await this.api.endUpload(slug, id, { keepalive: true });
  }

  private async ask(
    method: 'POST' | 'HEAD' | 'PATCH',
    path: string,
    headers: Readonly<Record<string, string>>,
    sending: Sending,
    body: Blob | null = null,
  ): Promise<Answer> {
    if (body && !(await isReadable(body))) throw unreadableFile();
    const answer = await exchange(method, API_ROOT + path, headers, sending, body).catch(async (error: unknown) => {
      // A browser calls both by the same name: a network that is gone, and a file that is.
      throw body && !(await isReadable(body)) ? unreadableFile() : error;
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const problem = parseProblem(answer.status, parsed(answer.text), answer.header('Retry-After'));
    if (problem.reason === 'UNAUTHENTICATED') this.http.onSignedOut();
    throw problem;
  }
}

/** One request. @throws ApiProblem UPLOAD_ABORTED where it was stopped, UNAVAILABLE where no answer came */
function exchange(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  { signal, progress }: Sending,
  body: Blob | null,
): Promise<Answer> {
  const request = new XMLHttpRequest();
  let silence: ReturnType<typeof setTimeout> | undefined;
  const stop = () => request.abort();
  return new Promise<Answer>((resolve, reject) => {
    if (signal.aborted) return reject(new ApiProblem('UPLOAD_ABORTED'));
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        reject(noAnswer());
        request.abort();
      }, SILENCE_MS);
    };
    signal.addEventListener('abort', stop);
    request.open(method, url);
    request.responseType = 'text';
    for (const [name, value] of Object.entries({ ...OUR_PAGE, 'Tus-Resumable': '1.0.0', ...headers }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      heard();
      progress?.(event.loaded);
    };
    request.onload = () =>
      resolve({
        status: request.status,
        text: request.responseText,
        header: (name) => request.getResponseHeader(name),
      });
    request.onerror = () => reject(noAnswer());
    request.onabort = () => reject(new ApiProblem('UPLOAD_ABORTED'));
    heard();
    request.send(body);
  }).finally(() => {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
  });
}

const placeOf = (slug: string, id?: string): string =>
  `/rooms/${encodeURIComponent(slug)}/uploads${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

function offsetOf(answer: Answer): number {
  const offset = Number(answer.header('Upload-Offset') ?? Number.NaN);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new ApiProblem('INTERNAL');
  return offset;
}

/** UTF-8 in base64, as Upload-Metadata wants its values. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text.toWellFormed())));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Files change or go, and some folders look like files: only reading tells. */
async function isReadable(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** The address of a file's bytes. The cookie opens it, and only while the person is in the meeting. */
export const contentUrl = (slug: string, id: string): string =>
  `${API_ROOT}/rooms/${encodeURIComponent(slug)}/files/${encodeURIComponent(id)}/content`;
