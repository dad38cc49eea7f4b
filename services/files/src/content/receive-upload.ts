import type { Readable } from 'node:stream';
import { Audit } from '@conclave/audit';
import type { Permission } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Outbox, Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import { FileSealer } from '@conclave/sealing/node';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import type { FileRecord, SealedFacts } from '../file/file-record.js';
import { FileViews, type FileView } from '../files/file-views.js';
import { FilesMetrics } from '../files-metrics.js';
import { Vault } from '../keys/vault.js';
import { ObjectStorage } from '../objects/object-storage.js';
import { Shredder } from '../file/shredder.js';
import type { HopClaim } from '../file/hop-token.js';
import { PartWriter } from './part-writer.js';
import { PresenceWatches } from './presence-watches.js';
import type { PresenceWatch } from './presence-watch.js';
import { Sealing } from '../sealing/sealing.js';
import { Stall } from './stall.js';

/** How often a running upload says that it is alive, so that the sweeper leaves it alone. */
const signOfLifeMs = 20_000;

/** Takes one file in: seals while it stores, and makes it available in one transaction; or leaves nothing behind. */
@Injectable()
export class ReceiveUpload {
  constructor(
    private readonly index: FileIndex,
    private readonly views: FileViews,
    private readonly vault: Vault,
    private readonly storage: ObjectStorage,
    private readonly watches: PresenceWatches,
    private readonly sealing: Sealing,
    private readonly shredder: Shredder,
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly metrics: FilesMetrics,
    private readonly logger: Logger,
  ) {}

  /** The file as people see it now. `declared` is the request's Content-Length; `gone` fires when the client goes away. */
  async execute(claim: HopClaim, declared: number, body: Readable, gone: AbortSignal): Promise<FileView> {
    const file = await this.index.find(claim.roomId, claim.fileId);
    if (!file || file.ownerId !== claim.userId) throw new DomainError('NOT_FOUND');
    // Whoever comes second with the same token finds the file no longer reserved.
    if (!(await this.index.beginUpload(file.id)))
      throw new DomainError('CONFLICT', { message: 'hop token was used before' });
    const finished = this.metrics.streamStarted(file.size);
    const made: { view?: FileView } = {};
    try {
      if (declared !== file.size) throw new DomainError('LENGTH_MISMATCH');
      await this.receive(file, claim, body, gone, made);
      this.metrics.received(file.size);
    } catch (error) {
      if (await this.abandon(file)) throw error;
    } finally {
      finished();
    }
    if (!made.view) throw new TypeError('a file became available before anybody could see it');
    return made.view;
  }

  private async receive(
    file: FileRecord,
    claim: HopClaim,
    body: Readable,
    gone: AbortSignal,
    made: { view?: FileView },
  ): Promise<void> {
    const watch = await this.watches.begin(claim);
    const stall = new Stall();
    const alive = setInterval(() => void this.index.stillUploading(file.id).catch(() => undefined), signOfLifeMs);
    try {
      const signal = AbortSignal.any([watch.signal, stall.signal, gone]);
      const facts = await this.store(file, body, stall, signal);
      // Before it is announced: whatever fails afterwards would call a file failed that everybody sees.
      const viewer = { person: claim, may: (permission: Permission) => watch.may(permission) };
      made.view = await this.views.one(file.whole(facts), viewer);
      await this.announce(file, facts, watch);
    } finally {
      clearInterval(alive);
      stall.end();
      watch.end();
    }
  }

  private async store(file: FileRecord, body: Readable, stall: Stall, signal: AbortSignal): Promise<SealedFacts> {
    const { id: fileId, roomId, objectKey: key, size } = file;
    const dek = await this.vault.open({ roomId, fileId });
    const { suite } = this.sealing;
    const sealer = dek.use(
      (bytes) =>
        new FileSealer({ engine: this.sealing, suite, dek: bytes, plaintextLength: size, fileId, roomId, signal }),
    );
    dek.destroy();
    const parts = new PartWriter(this.storage, key, sealer.partCount, signal, () => stall.moved());
    try {
      for await (const part of sealer.parts(observed(body, stall))) await parts.write(part);
      await parts.complete();
    } finally {
      await parts.settle();
    }
    const { header, plaintextSha256, ...manifest } = sealer.sealed();
    return { sha256: plaintextSha256, header, manifest };
  }

  /** Manifest, state, record and announcement: all or nothing, and only for somebody who is still in the room. */
  private async announce(
    { id: fileId, roomId, ownerId }: FileRecord,
    facts: SealedFacts,
    watch: PresenceWatch,
  ): Promise<void> {
    await watch.proveNow();
    await this.transaction.run(async (em) => {
      if (!(await this.index.makeAvailable(em, fileId, facts)))
        throw new DomainError('UPLOAD_ABORTED', { message: 'the file was given up meanwhile' });
      await this.outbox.add(em, { case: 'fileAvailable', value: { roomId, fileId, ownerId } });
      await this.audit.append(em, {
        actor: `user:${ownerId}`,
        action: 'file.shared',
        subject: `file:${fileId}`,
        detail: { roomId },
      });
    });
  }

  /**
   * Undoes an upload that broke off; false when it turns out to be available after all (the commit's answer was lost). When the
   * database cannot say, nothing is touched: the sweeper will know.
   */
  private async abandon(file: FileRecord): Promise<boolean> {
    try {
      const retired = await this.transaction.run((em) => this.index.retire(em, file.id, ['uploading'], 'failed'));
      if (!retired && (await this.index.find(file.roomId, file.id))?.status === 'available') return false;
      await this.shredder.shredKey(file.id);
      await this.storage.remove(file.objectKey);
    } catch (error) {
      this.logger.warn('broken upload stays until the next sweep', { fileId: file.id, error });
    }
    return true;
  }
}

/** The body as it is. A body that breaks off is UPLOAD_ABORTED. */
async function* observed(body: Readable, stall: Stall): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      stall.moved();
      yield chunk;
    }
  } catch (cause) {
    throw new DomainError('UPLOAD_ABORTED', { cause, message: 'the body broke off' });
  }
}
