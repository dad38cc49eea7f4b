import type { Readable } from 'node:stream';
import { Audit } from '@conclave/audit';
import type { Permission } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Outbox, Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import type { Dek } from '@conclave/keys';
import { FileSealer, type FileSealerOptions } from '@conclave/sealing/node';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import type { FileRecord, SealedFacts } from '../file/file-record.js';
import { FileViews, type FileView } from '../files/file-views.js';
import { FilesMetrics } from '../files-metrics.js';
import { Vault } from '../keys/vault.js';
import { ObjectStorage } from '../objects/object-storage.js';
import { Shredder } from '../file/shredder.js';
import type { HopClaim } from '../file/hop-token.js';
import { leaseSeconds, Space } from '../file/space.js';
import { UploadLeases } from '../file/upload-leases.js';
import { PartWriter } from './part-writer.js';
import { PresenceWatches } from './presence-watches.js';
import type { PresenceWatch } from './presence-watch.js';
import { Sealing } from '../sealing/sealing.js';
import { Stall } from './stall.js';
import { UploadCharge } from './upload-charge.js';

/** How often a running upload renews its lease; it runs while its sender has not been silent for as long as a lease is. */
const renewEveryMs = 10_000;

/** Takes one file in: seals while it stores, and makes it available in one transaction; or leaves nothing behind. */
@Injectable()
export class ReceiveUpload {
  constructor(
    private readonly index: FileIndex,
    private readonly space: Space,
    private readonly leases: UploadLeases,
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
    const charge = this.chargeOf(file);
    await charge.begin();
    const finished = this.metrics.streamStarted(file.size);
    const made: { view?: FileView } = {};
    try {
      if (declared !== file.size) throw new DomainError('LENGTH_MISMATCH');
      await this.receive(file, claim, body, { charge, gone, made });
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
    { charge, gone, made }: { charge: UploadCharge; gone: AbortSignal; made: { view?: FileView } },
  ): Promise<void> {
    const watch = await this.watches.begin(claim);
    const stall = new Stall();
    const sender = new Stall(leaseSeconds * 1000);
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(file, lost), renewEveryMs);
    try {
      const signal = AbortSignal.any([watch.signal, stall.signal, sender.signal, lost.signal, gone]);
      const facts = await this.store(file, observed(body, { stall, sender, charge }), stall, signal);
      // Before it is announced: whatever fails afterwards would call a file failed that everybody sees.
      const viewer = { person: claim, may: (permission: Permission) => watch.may(permission) };
      made.view = await this.views.one(file.whole(), viewer);
      await this.announce(file, facts, watch);
    } finally {
      clearInterval(renewal);
      stall.end();
      sender.end();
      watch.end();
    }
  }

  /** Pays for a file as its bytes come; the first payment begins its upload, for exactly one caller. */
  private chargeOf(file: FileRecord): UploadCharge {
    let state: 'reserved' | 'uploading' = 'reserved';
    return new UploadCharge(file.size, async (bytes) => {
      try {
        if (!(await this.leases.withSpace(file, () => this.space.charge(file.id, state, bytes)))) throw gaveUp(state);
        state = 'uploading';
      } catch (error) {
        // Nothing has come: there is nothing to abandon but the place.
        if (state === 'reserved' && error instanceof DomainError && error.reason === 'QUOTA_EXCEEDED')
          await this.leases.end(file.id, ['reserved']);
        throw error;
      }
    });
  }

  /** What cannot be said now is said ten seconds later; a lease that is gone ends the upload. */
  private async renew(file: FileRecord, lost: AbortController): Promise<void> {
    const held = await this.index.stillUploading(file.id).catch(() => true);
    if (!held) lost.abort(gaveUp('uploading'));
  }

  private async store(
    file: FileRecord,
    body: AsyncIterable<Uint8Array>,
    stall: Stall,
    signal: AbortSignal,
  ): Promise<SealedFacts> {
    const { id: fileId, roomId, objectKey: key, size } = file;
    const dek = await this.vault.open({ roomId, fileId });
    const { suite, manifestVersion } = this.sealing;
    const sealer = this.sealerOf(dek, { suite, manifestVersion, plaintextLength: size, fileId, roomId, signal });
    const parts = new PartWriter(this.storage, key, sealer.partCount, signal, () => stall.moved());
    try {
      for await (const run of sealer.runs(body)) await parts.write(run);
      await parts.complete();
    } finally {
      sealer.destroy();
      await parts.settle();
    }
    const { header, objectCrc32, ...manifest } = sealer.sealed();
    return { header, objectCrc32, manifest };
  }

  private sealerOf(dek: Dek, options: Omit<FileSealerOptions, 'engine' | 'dek'>): FileSealer {
    try {
      return dek.use((bytes) => new FileSealer({ engine: this.sealing, dek: bytes, ...options }));
    } finally {
      dek.destroy();
    }
  }

  /** Manifest, state, record and announcement: all or nothing, and only for somebody who is still in the room. */
  private async announce(
    { id: fileId, roomId, ownerId }: FileRecord,
    facts: SealedFacts,
    watch: PresenceWatch,
  ): Promise<void> {
    await watch.proveNow();
    await this.transaction.run(async (em) => {
      if (!(await this.index.makeAvailable(em, fileId, facts))) throw gaveUp('uploading');
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
      const retired = await this.transaction.run((em) => this.space.retire(em, file.id, ['uploading'], 'failed'));
      if (!retired && (await this.index.find(file.roomId, file.id))?.status === 'available') return false;
      await this.shredder.shredKey(file.id);
      await this.storage.remove(file.objectKey);
    } catch (error) {
      this.logger.warn('broken upload stays until the next sweep', { fileId: file.id, error });
    }
    return true;
  }
}

/** Whoever comes second with the same token finds the file no longer reserved; a lease that ran out leaves it to nobody. */
const gaveUp = (state: 'reserved' | 'uploading'): DomainError =>
  state === 'reserved'
    ? new DomainError('CONFLICT', { message: 'hop token was used before, or its lease ran out' })
    : new DomainError('UPLOAD_ABORTED', { message: 'the file was given up meanwhile' });

/** The body as it is, paid for as it comes. A body that breaks off is UPLOAD_ABORTED. */
async function* observed(
  body: Readable,
  { stall, sender, charge }: { stall: Stall; sender: Stall; charge: UploadCharge },
): AsyncGenerator<Uint8Array, void> {
  const chunks = (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // The sender is waited for only here; what we take our time for is not the sender's silence.
      sender.moved();
      const chunk = await chunks.next().catch((cause: unknown) => {
        throw new DomainError('UPLOAD_ABORTED', { cause, message: 'the body broke off' });
      });
      sender.rest();
      if (chunk.done) return;
      stall.moved();
      try {
        await charge.came(chunk.value.length);
        yield chunk.value;
      } finally {
        // Taken, or never wanted: what came in the clear does not wait for the collector.
        chunk.value.fill(0);
      }
    }
  } finally {
    // It would hold the body back: what still arrives of one that was refused could not be read away.
    await chunks.return?.();
  }
}
