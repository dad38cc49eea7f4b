import { crc32 } from 'node:zlib';
import { DomainError } from '@conclave/errors';

/** Bytes in order, pulled by the reader. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** Bytes to be written. The first may be on their way while the last are still being made. */
export interface OutgoingBytes {
  readonly length: number;
  /** All of them in order, from the front each time it is called, as soon as they are worth a request; undefined when the front is not kept any more. */
  bytes(): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** CRC-32 of all of them, for a store that refuses what was damaged on its way; known once the last has been handed out. */
  crc32(): number;
}

/** One stored object as a listing tells of it. */
export interface StoredObject {
  readonly key: string;
  readonly length: number;
  readonly modifiedAt: Date;
}

/** One part of an unfinished write. */
export interface StoredPart {
  /** From 1. */
  readonly part: number;
  readonly length: number;
  /** What the store calls it by; to be handed back as it is. */
  readonly etag: string;
}

/** A stored part, as the store knows it. */
export interface PartName {
  readonly number: number;
  readonly etag: string;
}

/** A write in parts that was begun and not ended. */
export interface UnfinishedWrite {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
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

/** The store has no room left: whatever is tried again, an operator must see to it. */
export class StoreFull extends DomainError {
  constructor() {
    super('STORE_FULL', { message: 'the object store is full: nothing can be stored until an operator makes room' });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

/** Bytes that are all there. */
export const wholeBytes = (bytes: Uint8Array): OutgoingBytes => ({
  length: bytes.length,
  bytes: () => Promise.resolve(once(bytes)),
  crc32: () => crc32(bytes),
});

/**
 * Where ciphertext lies: one bucket of any S3. Failures of the
 * store are UNAVAILABLE; the signal ends a call with its reason.
 */
export abstract class ObjectStorage {
  /** Writes a small object in one request, once. What breaks on the way is sent again while `body` keeps it. */
  abstract put(key: string, body: OutgoingBytes, signal: AbortSignal): Promise<void>;
  /** Opens a write in parts and tells its id. */
  abstract startParts(key: string, signal: AbortSignal): Promise<string>;
  /** Writes one part, as `put` does; answers its ETag. */
  abstract putPart(
    key: string,
    uploadId: string,
    part: number,
    body: OutgoingBytes,
    signal: AbortSignal,
  ): Promise<string>;
  /** The parts that the store has of an unfinished write, in order; ObjectMissing when it knows of no such write. */
  abstract listParts(key: string, uploadId: string, signal: AbortSignal): Promise<StoredPart[]>;
  /** Gives up an unfinished write and its parts; fine when there is none. */
  abstract abortParts(key: string, uploadId: string): Promise<void>;
  /** Makes the object out of its parts, once; in the order given, whose numbers rise and may have gaps. */
  abstract completeParts(key: string, uploadId: string, parts: readonly PartName[], signal: AbortSignal): Promise<void>;
  /** Reads bytes `start` (included) to `end` (excluded). */
  abstract read(key: string, start: number, end: number, signal: AbortSignal): Promise<ObjectRead>;
  /** Whether the object exists. */
  abstract exists(key: string): Promise<boolean>;
  /** Removes the object and whatever unfinished writes of it exist; fine when there is none. */
  abstract remove(key: string): Promise<void>;
  /** Every object, in order of keys. */
  abstract list(): AsyncIterable<StoredObject>;
  /** Every write in parts that was begun and not ended. */
  abstract listUnfinished(): AsyncIterable<UnfinishedWrite>;
  /** Resolves while the bucket answers; for readiness. */
  abstract ready(signal: AbortSignal): Promise<void>;
}
