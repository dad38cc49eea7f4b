import { timestampFromDate, type files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { HopTokens } from '../file/hop-token.js';
import { Sealing } from '../sealing/sealing.js';
import { Vault } from '../keys/vault.js';
import { Space } from '../file/space.js';
import { UploadLeases } from '../file/upload-leases.js';
import { sealMetadata } from '../file/file-metadata.js';
import { safeFileName, safeMimeType } from './file-name.js';
import { FileRecord } from '../file/file-record.js';

/** Leases a place for a file and hands out the way in. Space is taken as bytes come; here it is looked whether they would fit. */
@Injectable()
export class StartUpload {
  constructor(
    private readonly space: Space,
    private readonly leases: UploadLeases,
    private readonly vault: Vault,
    private readonly hopTokens: HopTokens,
    private readonly sealing: Sealing,
    @Inject(configToken) private readonly config: Pick<Config, 'MAX_FILE_BYTES'>,
    private readonly transaction: Transaction,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async execute(
    { roomId, joinId = '', person }: Grant,
    request: files.StartUploadRequest,
  ): Promise<Answer<typeof files.FilesService.method.startUpload>> {
    const { userId, sessionId, credentialId } = person;
    const metadata = { name: safeFileName(request.name), type: safeMimeType(request.type) };
    if (request.size > BigInt(this.config.MAX_FILE_BYTES))
      throw new DomainError('FILE_TOO_LARGE', { details: { maxFileBytes: String(this.config.MAX_FILE_BYTES) } });

    const size = Number(request.size);
    const fileId = this.ids.uuidv7();
    const { dek, store } = await this.vault.prepare({ roomId, fileId });
    try {
      const file = FileRecord.reserve(
        {
          id: fileId,
          roomId,
          ownerId: userId,
          objectKey: this.ids.bytes(24).toString('hex'),
          metadata: sealMetadata(this.sealing.suite, dek, { roomId, fileId }, metadata),
          size,
        },
        this.clock.now(),
      );
      const expiresAt = await this.leases.withSpace(file, () =>
        this.transaction.run((em) => this.space.reserve(em, file, request.resumable)),
      );
      // Row first, key second: a crash between leaves a lease that runs out, never a key without a row.
      await this.storeKey(store, fileId);
      const claim = { action: 'upload', fileId, roomId, userId, sessionId, credentialId, epoch: 0 } as const;
      const hopToken = this.hopTokens.issue(claim);
      return { fileId, hopToken, roomId, joinId, ...(expiresAt && { expiresAt: timestampFromDate(expiresAt) }) };
    } finally {
      dek.destroy();
    }
  }

  private async storeKey(store: () => Promise<void>, fileId: string): Promise<void> {
    try {
      await store();
    } catch (error) {
      await this.transaction.run((em) => this.space.retire(em, fileId, ['reserved'], 'failed'));
      throw error;
    }
  }
}
