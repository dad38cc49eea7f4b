import type { Progress, Upload, Uploads } from '../file/uploads.js';
import type { ObjectStorage, PartName } from '../objects/object-storage.js';
import { takenOver } from './running-uploads.js';

/** S3 takes part numbers up to this. */
const mostNumbers = 10_000;

/**
 * What is written down of one upload while a connection moves it. Parts need not be numbered without gaps, only in order: each part
 * has as many numbers as there is room for, and each connection takes its own, so that a part which an overtaken one still sends
 * never replaces the one that counts. Of an upload that is not kept nothing is written down.
 */
export class PartLedger {
  private readonly own: PartName[] = [];
  private opening: Promise<string> | undefined;

  constructor(
    private readonly storage: ObjectStorage,
    private readonly uploads: Uploads,
    private readonly upload: Upload,
  ) {
    if (upload.storeUploadId !== null) this.opening = Promise.resolve(upload.storeUploadId);
  }

  /** The store's id of the write in parts; begun at the first call. */
  open(signal: AbortSignal): Promise<string> {
    this.opening ??= this.begin(signal);
    return this.opening;
  }

  numberOf(part: number, parts: number): number {
    return partNumber(part, parts, this.upload.epoch);
  }

  /** @throws DomainError CONFLICT when the upload is somebody else's by now */
  async progress(progress: Progress): Promise<void> {
    if (progress.part) this.own.push(progress.part);
    if (this.upload.expiresAt && !(await this.uploads.progress(this.upload, progress))) throw takenOver();
  }

  /** The object is whole when this resolves; that it was already is fine. */
  async complete(signal: AbortSignal): Promise<void> {
    const { fileId, objectKey, expiresAt } = this.upload;
    const parts = expiresAt ? await this.uploads.parts(fileId) : this.own;
    await this.storage.completeParts(objectKey, await this.open(signal), parts, signal);
  }

  private async begin(signal: AbortSignal): Promise<string> {
    const { objectKey, expiresAt } = this.upload;
    const id = await this.storage.startParts(objectKey, signal);
    if (expiresAt && !(await this.uploads.opened(this.upload, id))) {
      await this.storage.abortParts(objectKey, id);
      throw takenOver();
    }
    return id;
  }
}

/** The number of a part for the connection of this epoch. */
export function partNumber(part: number, parts: number, epoch: number): number {
  const places = Math.max(1, Math.floor(mostNumbers / parts));
  return (part - 1) * places + 1 + (epoch % places);
}
