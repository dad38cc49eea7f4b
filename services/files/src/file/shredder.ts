import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FileIndex, type LeavingFile } from './file-index.js';
import { Vault } from '../keys/vault.js';
import { ObjectStorage } from '../objects/object-storage.js';
import { Uploads } from './uploads.js';

/** Takes away what a file on its way out still has: first the key, then the object, at last the row. Each step bears repetition. */
@Injectable()
export class Shredder {
  constructor(
    private readonly vault: Vault,
    private readonly storage: ObjectStorage,
    private readonly index: FileIndex,
    private readonly uploads: Uploads,
    private readonly logger: Logger,
  ) {}

  /** From now on the object is noise. */
  shredKey(fileId: string): Promise<void> {
    return this.vault.shredFile(fileId);
  }

  /** Objects and row; the row goes only when the objects have gone. */
  async remove(file: LeavingFile): Promise<void> {
    for (const piece of await this.uploads.piecesOf(file.id)) await this.storage.remove(piece);
    await this.storage.remove(file.objectKey);
    await this.index.forget(file.id);
  }

  /** The same where the sweeper will try again anyway. */
  async removeQuietly(file: LeavingFile): Promise<void> {
    try {
      await this.remove(file);
    } catch (error) {
      this.logger.warn('object stays until the next sweep', { fileId: file.id, error });
    }
  }
}
