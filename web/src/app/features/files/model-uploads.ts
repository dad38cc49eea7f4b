import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Api, type Upload } from '../../core/api/api';
import { ApiProblem, noAnswer } from '../../core/api/problem';
import { Uploads, type Sending } from '../../core/api/upload';
import { Network } from '../../core/device/network';
import type { KeptUpload } from '../../core/device/kept-rows';
import { Session } from '../../core/session/session';
import { UPLOAD_ROWS } from '../../core/uploads/kept-uploads';
import { pickedFile, type FileHandle } from '../../core/uploads/picked-file';
import { UploadQueue } from './upload-queue';

/** A request that the server has heard; the test says what becomes of it. */
export interface Asked {
  readonly what: string;
  readonly name: string;
  readonly offset: number;
  /** Neither answered nor given up. */
  open: boolean;
  /** Takes so many bytes, or all, and says so. */
  answer(bytes?: number): void;
  /** Takes them, and its answer is lost. */
  lose(bytes?: number): void;
  fail(error: unknown): void;
}

/** A server that keeps what it is sent; the test answers each request. */
export class ServerFake {
  readonly places = new Map<string, { id: string; name: string; size: number; offset: number }>();
  asked: Asked[] = [];
  readonly dropped: string[] = [];
  private last = 0;

  list = async (): Promise<readonly Upload[]> =>
    [...this.places.values()]
      .filter(({ size, offset }) => offset < size)
      .map((place) => ({ ...place, type: '', createdAt: '', expiresAt: '' }));
  begin = (
    _slug: string,
    { name, size }: { name: string; size: number },
    key: string,
    first: Blob | null,
    at: Sending,
  ) =>
    // eslint-disable-next-line conclave/marked-words -- nobody reads it
    this.ask(`begin ${key}`, name, 0, at, (bytes) => {
      const place = this.places.get(key) ?? { id: `u${++this.last}`, name, size, offset: 0 };
      this.places.set(key, place);
      place.offset = bytes ?? first?.size ?? 0;
      return { id: place.id, offset: place.offset };
    });
  stand = async (_slug: string, id: string) => {
    const place = this.placeOf(id);
    if (!place) throw new ApiProblem('NOT_FOUND');
    return place.offset;
  };
  send = (_slug: string, id: string, offset: number, rest: Blob, at: Sending) =>
    this.ask('send', this.placeOf(id)?.name ?? '', offset, at, (bytes) => {
      const place = this.placeOf(id);
      if (!place) throw new ApiProblem('NOT_FOUND');
      return (place.offset = offset + (bytes ?? rest.size));
    });
  drop = async (_slug: string, id: string) => {
    this.dropped.push(id);
    for (const [key, place] of this.places) if (place.id === id) this.places.delete(key);
  };

  placeOf = (id: string) => [...this.places.values()].find((place) => place.id === id);

  private ask<T>(what: string, name: string, offset: number, { signal: stop }: Sending, done: (bytes?: number) => T) {
    return new Promise<T>((resolve, reject) => {
      const asked: Asked = {
        what,
        name,
        offset,
        open: true,
        answer: (bytes) => {
          if (asked.open) resolve(done(bytes));
          asked.open = false;
        },
        lose: (bytes) => {
          if (asked.open) done(bytes);
          asked.fail(noAnswer());
        },
        fail: (error) => {
          asked.open = false;
          reject(error);
        },
      };
      this.asked.push(asked);
      stop.addEventListener('abort', () => asked.fail(new ApiProblem('UPLOAD_ABORTED')));
    });
  }
}

export function world(rows: KeptUpload[] = [], server = new ServerFake()) {
  const online = signal(true);
  const kept = new Map(rows.map((row) => [row.key, row]));
  const keptFor = async (work: (...parts: unknown[]) => Promise<unknown>) =>
    work(
      async () => [...kept.values()],
      (key: string) => kept.delete(key),
      (row: KeptUpload) => kept.set(row.key, row),
    );
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({
    providers: [
      UploadQueue,
      { provide: Api, useValue: { file: async () => Promise.reject(new ApiProblem('NOT_FOUND')) } },
      { provide: Uploads, useValue: server },
      { provide: Network, useValue: { online } },
      { provide: Session, useValue: { me: () => ({ id: 'me' }) } },
      { provide: UPLOAD_ROWS, useValue: keptFor },
    ],
  });
  const queue = TestBed.inject(UploadQueue);
  return { queue, server, online, kept, rows: () => [...kept.values()] };
}

export async function opened(...given: Parameters<typeof world>) {
  const all = world(...given);
  await all.queue.open('room');
  return all;
}

export const BIG = 5 * 1024 * 1024;
export const file = (name: string, size = 3) => new File([new Uint8Array(size)], name, { lastModified: 1 });
export const pick = (...names: string[]) => names.map((name) => pickedFile(file(name)));
export const big = (name: string) => [pickedFile(file(name, BIG))];
export const settled = async () => {
  for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setTimeout(resolve));
};
export const states = (queue: UploadQueue) => queue.views().map(({ state }) => state);
export const idOf = (queue: UploadQueue, name: string) => queue.views().find((view) => view.name === name)?.id ?? 0;
export const handleOf = (of: File, state: PermissionState = 'granted') =>
  ({
    kind: 'file',
    name: of.name,
    getFile: async () => of,
    queryPermission: async () => state,
  }) as unknown as FileHandle;

/** jsdom lacks what every browser we run in has. */
export function giveBrowserParts(sha256: (bytes: Uint8Array) => Uint8Array): void {
  const digest = async (_how: string, bytes: ArrayBuffer) => new Uint8Array(sha256(new Uint8Array(bytes))).buffer;
  Object.defineProperty(globalThis.crypto, 'subtle', { value: { digest }, configurable: true });
  Blob.prototype.arrayBuffer ??= function (this: Blob) {
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as ArrayBuffer);
      reader.readAsArrayBuffer(this);
    });
  };
}
