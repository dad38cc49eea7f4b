import { timestampFromDate, type files, type MessageInitShape } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import { openMetadata } from '../file/file-metadata.js';
import { Uploads, type Upload } from '../file/uploads.js';
import { Vault } from '../keys/vault.js';

/** An upload as its owner sees it. */
export type UploadView = MessageInitShape<typeof files.UploadSchema>;

/** Finds uploads of a person, and opens their sealed names. */
@Injectable()
export class UploadViews {
  constructor(
    private readonly uploads: Uploads,
    private readonly index: FileIndex,
    private readonly vault: Vault,
  ) {}

  /** Somebody else's is none, and neither is one that was given up or ran out. @throws DomainError NOT_FOUND */
  async require(roomId: string, fileId: string, ownerId: string): Promise<Upload> {
    const upload = await this.uploads.find(roomId, fileId, ownerId);
    if (!upload || (upload.status !== 'available' && !upload.expiresAt)) throw new DomainError('NOT_FOUND');
    return upload;
  }

  async one({ roomId, fileId, ownerId }: Pick<Upload, 'roomId' | 'fileId' | 'ownerId'>): Promise<UploadView> {
    const [upload, file] = await Promise.all([this.require(roomId, fileId, ownerId), this.index.find(roomId, fileId)]);
    if (!file) throw new DomainError('NOT_FOUND');
    const dek = await this.vault.open({ roomId, fileId });
    try {
      const { name, type } = openMetadata(dek, { roomId, fileId }, file.metadata);
      return {
        id: fileId,
        name,
        type,
        size: BigInt(upload.size),
        offset: BigInt(upload.status === 'available' ? upload.size : upload.stored),
        createdAt: timestampFromDate(file.createdAt),
        ...(upload.expiresAt && { expiresAt: timestampFromDate(upload.expiresAt) }),
      };
    } finally {
      dek.destroy();
    }
  }
}
