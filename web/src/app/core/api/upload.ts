import { Injectable } from '@angular/core';
import { API_ROOT, OUR_PAGE } from './http';
import { ApiProblem, noAnswer, parseProblem } from './problem';
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
  start(slug: string, file: File, onProgress: (sentBytes: number) => void): RunningUpload {
    const request = new XMLHttpRequest();
    const done = new Promise<RoomFile>((resolve, reject) => {
      request.open('POST', `${API_ROOT}/rooms/${encodeURIComponent(slug)}/files`);
      request.responseType = 'json';
      request.setRequestHeader('X-Conclave', OUR_PAGE['X-Conclave']);
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.setRequestHeader('X-File-Name', encodeFileName(file.name));
      request.setRequestHeader('Idempotency-Key', crypto.randomUUID());
      request.upload.onprogress = (event) => onProgress(event.loaded);
      request.onload = () =>
        request.status === 201
          ? resolve(request.response as RoomFile)
          : reject(parseProblem(request.status, request.response, request.getResponseHeader('Retry-After')));
      request.onerror = () => reject(noAnswer());
      request.onabort = () => reject(new ApiProblem('UPLOAD_ABORTED'));
      request.send(file);
    });
    return { done, cancel: () => request.abort() };
  }
}

/** The address of a file's bytes. The cookie opens it, and only while the person is in the meeting. */
export const contentUrl = (slug: string, id: string): string =>
  `${API_ROOT}/rooms/${encodeURIComponent(slug)}/files/${encodeURIComponent(id)}/content`;
