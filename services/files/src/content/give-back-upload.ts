import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import type { HopClaim } from '../file/hop-token.js';
import { UploadLeases } from '../file/upload-leases.js';

/** A place that was leased for a file that will not come: its sender went away before the first byte. */
@Injectable()
export class GiveBackUpload {
  constructor(
    private readonly index: FileIndex,
    private readonly leases: UploadLeases,
  ) {}

  /** @throws DomainError CONFLICT where its bytes have begun to come */
  async execute({ roomId, fileId, userId }: HopClaim): Promise<void> {
    const file = await this.index.find(roomId, fileId);
    if (!file || file.ownerId !== userId) throw new DomainError('NOT_FOUND');
    if (!(await this.leases.end(fileId, ['reserved']))) throw new DomainError('CONFLICT');
  }
}
