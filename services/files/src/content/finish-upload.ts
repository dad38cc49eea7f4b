import { Audit } from '@conclave/audit';
import { DomainError } from '@conclave/errors';
import { Outbox, Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import { UploadLeases } from '../file/upload-leases.js';
import { Uploads, type Upload } from '../file/uploads.js';
import { FileViews, type FileView, type Viewer } from '../files/file-views.js';
import { Vault } from '../keys/vault.js';
import { ObjectExists, ObjectMissing, ObjectStorage } from '../objects/object-storage.js';
import { PartLedger } from './part-ledger.js';
import { takenOver } from './running-uploads.js';
import type { WholeObject } from './upload-course.js';
import { openState } from './upload-state.js';

/** Makes a file of an upload whose every byte is stored. Each step bears repetition: whoever comes after a crash does it again. */
@Injectable()
export class FinishUpload {
  constructor(
    private readonly index: FileIndex,
    private readonly uploads: Uploads,
    private readonly leases: UploadLeases,
    private readonly views: FileViews,
    private readonly vault: Vault,
    private readonly storage: ObjectStorage,
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /** Puts the parts together, where there are any. */
  async complete(
    upload: Upload,
    object: WholeObject,
    signal: AbortSignal,
    ledger = this.ledgerOf(upload),
  ): Promise<void> {
    if (!object.inParts) return;
    try {
      await ledger.complete(signal);
    } catch (error) {
      if (!(error instanceof ObjectMissing || error instanceof ObjectExists)) throw error;
      // Nobody else knows this key: the parts have been put together before, and the answer was lost.
      if (!(await this.storage.exists(object.key))) throw new ObjectMissing();
    }
  }

  /** The file as it will be seen. Asked for before it is announced: whatever fails then would call a file failed that everybody sees. */
  async view({ roomId, fileId }: Upload, viewer: Viewer): Promise<FileView> {
    const file = await this.index.find(roomId, fileId);
    if (!file) throw new DomainError('NOT_FOUND');
    return this.views.one(file.whole(), viewer);
  }

  /** Manifest, state, record and announcement: all or nothing, and for nobody but the latest connection. */
  async announce({ fileId, roomId, ownerId, epoch }: Upload, { facts, key }: WholeObject): Promise<void> {
    await this.transaction.run(async (em) => {
      if (!(await this.index.makeAvailable(em, { fileId, epoch, key }, facts))) throw takenOver();
      await this.uploads.end(em, fileId);
      await this.outbox.add(em, { case: 'fileAvailable', value: { roomId, fileId, ownerId } });
      await this.audit.append(em, {
        actor: `user:${ownerId}`,
        action: 'file.shared',
        subject: `file:${fileId}`,
        detail: { roomId },
      });
    });
  }

  /** One whose last byte was stored and that nobody announced: its process died in between. */
  async resumed(upload: Upload, signal: AbortSignal): Promise<void> {
    const { fileId, roomId, objectKey: key } = upload;
    const dek = await this.vault.open({ roomId, fileId });
    try {
      const { facts } = openState(dek, upload, upload.state);
      if (!facts) return;
      const object = { facts, key, inParts: true } as const;
      await this.complete(upload, object, signal);
      await this.announce(upload, object);
    } catch (error) {
      throw error instanceof ObjectMissing ? await this.lost(upload, error) : error;
    } finally {
      dek.destroy();
    }
  }

  /** The store has not what the rows say, as after a restore: the upload cannot go on, and its sender begins anew. */
  async lost({ fileId }: Upload, cause: ObjectMissing): Promise<DomainError> {
    await this.leases.end(fileId, ['reserved', 'uploading']);
    return new DomainError('NOT_FOUND', { cause, message: 'the store has lost parts of an upload' });
  }

  ledgerOf(upload: Upload): PartLedger {
    return new PartLedger(this.storage, this.uploads, upload);
  }
}
