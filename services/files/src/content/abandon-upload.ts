import { Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import { Shredder } from '../file/shredder.js';
import { Space } from '../file/space.js';
import type { Upload } from '../file/uploads.js';
import { ObjectStorage } from '../objects/object-storage.js';

/** Undoes an upload that broke off and is not kept: its place, its key, its object. */
@Injectable()
export class AbandonUpload {
  constructor(
    private readonly index: FileIndex,
    private readonly space: Space,
    private readonly shredder: Shredder,
    private readonly storage: ObjectStorage,
    private readonly transaction: Transaction,
    private readonly logger: Logger,
  ) {}

  /** When the database cannot say what became of it, nothing is touched: the sweeper will know. */
  async execute({ roomId, fileId, objectKey }: Upload): Promise<void> {
    try {
      const retired = await this.transaction.run((em) =>
        this.space.retire(em, fileId, ['reserved', 'uploading'], 'failed'),
      );
      if (!retired && (await this.index.find(roomId, fileId))?.status === 'available') return;
      await this.shredder.shredKey(fileId);
      await this.storage.remove(objectKey);
    } catch (error) {
      this.logger.warn('broken upload stays until the next sweep', { fileId, error });
    }
  }
}
