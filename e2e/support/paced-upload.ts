import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { baseUrl, type Caller } from './api.js';
import { fileName, type Problem, type StoredFile } from './rooms.js';

/** What became of an upload; a status of 0 means that the connection broke before anything was said. */
export interface Outcome {
  readonly status: number;
  readonly body: StoredFile & Problem;
}

const pieces = 16;

/** Shares bytes over about so many milliseconds, as over a slow line; `half` is waited for in the middle. */
export function pacedUpload(
  caller: Caller,
  slug: string,
  name: string,
  bytes: Buffer,
  { ms = 0, half }: { ms?: number; half?: () => unknown },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const nothing = { status: 0, body: {} as StoredFile & Problem };
    const sending = request(
      `${baseUrl()}/api/v1/rooms/${slug}/files`,
      {
        method: 'POST',
        agent: false,
        headers: {
          origin: baseUrl(),
          'x-conclave': '1',
          cookie: caller.cookie,
          'content-type': 'application/octet-stream',
          'content-length': bytes.length,
          'x-file-name': fileName(name),
        },
      },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.on('error', () => resolve(nothing));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as StoredFile & Problem }),
        );
      },
    );
    sending.on('error', () => resolve(nothing));
    void (async () => {
      const piece = Math.ceil(bytes.length / pieces);
      for (let at = 0; at < pieces && !sending.destroyed; at++) {
        if (at === pieces / 2) await half?.();
        sending.write(bytes.subarray(at * piece, (at + 1) * piece));
        await sleep(ms / pieces);
      }
      sending.end();
    })();
  });
}
