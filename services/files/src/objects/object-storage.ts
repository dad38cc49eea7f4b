/** Bytes in order, pulled by the reader. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** One stored object as a listing tells of it. */
export interface StoredObject {
  readonly key: string;
  readonly length: number;
  readonly modifiedAt: Date;
}

/** A part of an object that is being read. */
export interface ObjectRead {
  /** Length of the whole object, as the store says. */
  readonly objectLength: number;
  readonly bytes: ByteStream;
}

/** The object is not in the store. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
}

/** An object of this key exists; objects are written once. */
export class ObjectExists extends Error {
  override readonly name = 'ObjectExists';
}

/**
 * Where ciphertext lies: one bucket of any S3. Failures of the
 * store are UNAVAILABLE; the signal ends a call with its reason.
 */
export abstract class ObjectStorage {
  /** Writes a small object in one request, once. */
  abstract put(key: string, length: number, body: Iterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** Opens a write in parts and tells its id. */
  abstract startParts(key: string, signal: AbortSignal): Promise<string>;
  /** Writes one part; answers its ETag. */
  abstract putPart(
    key: string,
    uploadId: string,
    part: number,
    length: number,
    body: Iterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<string>;
  /** Makes the object out of its parts, once. */
  abstract completeParts(key: string, uploadId: string, etags: readonly string[], signal: AbortSignal): Promise<void>;
  /** Reads bytes `start` (included) to `end` (excluded). */
  abstract read(key: string, start: number, end: number, signal: AbortSignal): Promise<ObjectRead>;
  /** Whether the object exists. */
  abstract exists(key: string): Promise<boolean>;
  /** Removes the object and whatever unfinished writes of it exist; fine when there is none. */
  abstract remove(key: string): Promise<void>;
  /** Every object, in order of keys. */
  abstract list(): AsyncIterable<StoredObject>;
  /** Every write in parts that was begun and not ended. */
  abstract listUnfinished(): AsyncIterable<{ readonly key: string; readonly startedAt: Date }>;
  /** Resolves while the bucket answers; for readiness. */
  abstract ready(signal: AbortSignal): Promise<void>;
}
