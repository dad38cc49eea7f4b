import { Injectable } from '@nestjs/common';
import { openMetadata } from '../file/file-metadata.js';
import { FileIndex } from '../file/file-index.js';
import type { FileRecord } from '../file/file-record.js';
import { Vault } from '../keys/vault.js';
import { requestedBytes, type ByteSpan, type RequestedBytes } from './byte-range.js';
import type { HopClaim } from '../file/hop-token.js';
import type { PresenceWatch } from './presence-watch.js';
import { PresenceWatches } from './presence-watches.js';
import { OpenSealed } from '../sealing/open-sealed.js';

/** A file that may be sent now. */
export interface Download {
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
  readonly bytes: RequestedBytes;
  /** Presence for as long as the download is open. */
  readonly watch: PresenceWatch;
  /** Verified plaintext of one span. Nothing is fetched before the first is asked for. */
  read(span: ByteSpan, signal: AbortSignal): AsyncGenerator<Buffer, void>;
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
    private readonly watches: PresenceWatches,
    private readonly opening: OpenSealed,
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
    record.sealed();
    const dek = await this.vault.open({ roomId, fileId });
    try {
      const { name } = openMetadata(dek, { roomId, fileId }, record.metadata);
      const bytes = requestedBytes(range, size);
      // The engine and the store see the file's bytes only under `signal` below.
      const file = await this.opening.execute(record, dek);
      return {
        fileId,
        name,
        size,
        bytes,
        watch,
        read: (span, signal) => file.read(span, signal),
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
}
