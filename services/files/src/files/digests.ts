import { createHash } from 'node:crypto';
import { DomainError } from '@conclave/errors';
import { Logger } from '@conclave/platform';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { openDigest, sealDigest } from '../file/file-digest.js';
import { FileIndex } from '../file/file-index.js';
import type { FileRecord } from '../file/file-record.js';
import { FilesMetrics } from '../files-metrics.js';
import { Vault } from '../keys/vault.js';
import { OpenSealed } from '../sealing/open-sealed.js';
import { Sealing } from '../sealing/sealing.js';

/** Files that are read for their digest at once, and those that wait for it. */
const [mostAtOnce, mostWaiting] = [2, 32];

/**
 * Makes the SHA-256 of files that somebody asks for: each by one verifying read, however many ask, and kept sealed in the row.
 * A read goes on when whoever asked has gone; a process that ends leaves nothing, and the next one who asks begins anew.
 */
@Injectable()
export class Digests implements OnModuleDestroy {
  private readonly making = new Map<string, Promise<string>>();
  private readonly waiting: (() => void)[] = [];
  private readonly stop = new AbortController();
  private reading = 0;

  constructor(
    private readonly index: FileIndex,
    private readonly vault: Vault,
    private readonly opening: OpenSealed,
    private readonly sealing: Sealing,
    private readonly metrics: FilesMetrics,
    private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    this.stop.abort(new DomainError('UNAVAILABLE', { message: 'the process stops' }));
  }

  /** Hexadecimal. @throws BUSY when too many others are waited for already */
  of(record: FileRecord): Promise<string> {
    const { id } = record;
    const under = this.making.get(id);
    if (under) return under;
    if (this.making.size >= mostAtOnce + mostWaiting) return Promise.reject(new DomainError('BUSY'));
    const made = this.inTurn(() => this.metrics.observe('digest', () => this.make(record)));
    this.making.set(id, made);
    // Whoever asked may have gone: then the log alone hears of it.
    made
      .catch((error: unknown) => this.logger.warn('digest of a file could not be made', { fileId: id, error }))
      .finally(() => this.making.delete(id));
    return made;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.reading >= mostAtOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.reading += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.reading -= 1;
    }
  }

  private async make(record: FileRecord): Promise<string> {
    const identity = { roomId: record.roomId, fileId: record.id };
    const dek = await this.vault.open(identity);
    try {
      if (record.sealedDigest) return openDigest(dek, identity, record.sealedDigest);
      const file = await this.opening.execute(record, dek);
      const hash = createHash('sha256');
      try {
        for await (const chunk of file.read(undefined, this.stop.signal)) {
          hash.update(chunk);
          file.release(chunk);
        }
      } finally {
        file.destroy();
      }
      const digest = hash.digest();
      await this.index.keepDigest(record.id, sealDigest(this.sealing.suite, dek, identity, digest));
      return digest.toString('hex');
    } finally {
      dek.destroy();
    }
  }
}
