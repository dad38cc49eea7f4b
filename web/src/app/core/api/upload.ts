import { Injectable } from '@angular/core';
import { API_ROOT, OUR_PAGE } from './http';
import { ApiProblem, noAnswer, parseProblem, unreadableFile } from './problem';
import type { File as RoomFile } from './api';

/** An upload under way. */
export interface RunningUpload {
  readonly done: Promise<RoomFile>;
  cancel(): void;
}

/** Encodes a file name for the header `X-File-Name` as RFC 8187 says: UTF-8 and percent signs, nothing that a header could break on. */
export function encodeFileName(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `UTF-8''${encoded}`;
}

/** Sends files. XMLHttpRequest, because only it tells how many bytes have gone. */
@Injectable({ providedIn: 'root' })
export class Uploader {
  /** @param key the same for every try of the same file: it is shared once, whatever becomes of the answers */
  start(slug: string, file: File, key: string, onProgress: (sentBytes: number) => void): RunningUpload {
    const request = new XMLHttpRequest();
    let cancelled = false;
    const done = new Promise<RoomFile>((resolve, reject) => {
      request.open('POST', `${API_ROOT}/rooms/${encodeURIComponent(slug)}/files`);
      request.responseType = 'json';
      request.setRequestHeader('X-Conclave', OUR_PAGE['X-Conclave']);
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.setRequestHeader('X-File-Name', encodeFileName(file.name));
      request.setRequestHeader('Idempotency-Key', key);
      request.upload.onprogress = (event) => onProgress(event.loaded);
      request.onload = () =>
        request.status === 201
          ? resolve(request.response as RoomFile)
          : reject(parseProblem(request.status, request.response, request.getResponseHeader('Retry-After')));
      // A browser calls both by the same name: a network that is gone, and a file that is.
      request.onerror = () => void isReadable(file).then((ok) => reject(ok ? noAnswer() : unreadableFile()));
      request.onabort = () => reject(new ApiProblem('UPLOAD_ABORTED'));
      void isReadable(file).then((ok) => {
        if (cancelled) reject(new ApiProblem('UPLOAD_ABORTED'));
        else if (ok) request.send(file);
        else reject(unreadableFile());
      });
    });
    const cancel = () => {
      cancelled = true;
      request.abort();
    };
    return { done, cancel };
  }
}

/** Folders can be dropped like files, and files change or go: only reading tells. */
async function isReadable(file: File): Promise<boolean> {
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
