import { DomainError } from '@conclave/errors';
import { fileIntegrity } from '@conclave/sealing';
import { SealedFile, type ReadObject } from '@conclave/sealing/node';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { openMetadata } from '../file/file-metadata.js';
import { FileIndex } from '../file/file-index.js';
import type { FileRecord } from '../file/file-record.js';
import { Vault } from '../keys/vault.js';
import { ObjectMissing, ObjectStorage } from '../objects/object-storage.js';
import { requestedBytes, type RequestedBytes } from './byte-range.js';
import type { HopClaim } from '../file/hop-token.js';
import type { PresenceWatch } from './presence-watch.js';
import { PresenceWatches } from './presence-watches.js';
import { Sealing } from '../sealing/sealing.js';

/** A file that may be sent now. */
export interface Download {
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
  readonly bytes: RequestedBytes;
  /** Presence for as long as the download is open. */
  readonly watch: PresenceWatch;
  /** Verified plaintext of the range. Nothing is fetched before the first is asked for. */
  read(signal: AbortSignal): AsyncGenerator<Buffer, void>;
  /** A chunk has left this process. */
  release(chunk: Buffer): void;
  /** A chunk that went nowhere, or to a connection that is closed by now. */
  discard(chunk: Buffer): void;
  close(): void;
}

/** Opens a file for somebody who is in its room now. Reading verifies every segment before a byte of it is released. */
@Injectable()
export class OpenDownload {
  constructor(
    private readonly index: FileIndex,
    private readonly vault: Vault,
    private readonly storage: ObjectStorage,
    private readonly watches: PresenceWatches,
    private readonly sealing: Sealing,
    private readonly logger: Logger,
  ) {}

  async execute(claim: HopClaim, range: string | undefined): Promise<Download> {
    const record = await this.index.require(claim.roomId, claim.fileId);
    const watch = await this.watches.begin(claim);
    try {
      return await this.open(record, watch, range);
    } catch (error) {
      watch.end();
      throw error;
    }
  }

  private async open(record: FileRecord, watch: PresenceWatch, range: string | undefined): Promise<Download> {
    const { id: fileId, roomId, size } = record;
    const { header, manifest } = record.sealed();
    const dek = await this.vault.open({ roomId, fileId });
    try {
      const { name } = openMetadata(dek, { roomId, fileId }, record.metadata);
      const bytes = requestedBytes(range, size);
      // The engine and the store see the file's bytes only under `signal` below; opening proves header, key and manifest.
      const file = await dek.use((key) =>
        SealedFile.open({
          engine: this.sealing,
          dek: key,
          fileId,
          roomId,
          manifest,
          header,
          readObject: this.reader(record, manifest.objectLength),
        }),
      );
      return {
        fileId,
        name,
        size,
        bytes,
        watch,
        read: (signal) => file.read({ start: bytes.start, end: bytes.end }, signal),
        release: (chunk) => file.release(chunk),
        discard: (chunk) => file.discard(chunk),
        close: () => {
          file.destroy();
          watch.end();
        },
      };
    } finally {
      dek.destroy();
    }
  }

  private reader({ id: fileId, objectKey }: FileRecord, expected: number): ReadObject {
    return async ({ start, end }, signal) => {
      try {
        const { objectLength, bytes } = await this.storage.read(objectKey, start, end, signal);
        if (objectLength !== expected) throw fileIntegrity('the object has not the length of its manifest');
        return bytes;
      } catch (error) {
        if (!(error instanceof ObjectMissing)) throw error;
        this.logger.error('object of a file is gone from the store', { fileId });
        throw new DomainError('FILE_NOT_AVAILABLE', { cause: error });
      }
    };
  }
}
