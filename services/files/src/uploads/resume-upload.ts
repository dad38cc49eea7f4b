import type { files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { FinishUpload } from '../content/finish-upload.js';
import { RunningUploads } from '../content/running-uploads.js';
import { HopTokens } from '../file/hop-token.js';
import { Uploads, type Upload } from '../file/uploads.js';
import { UploadViews } from './upload-views.js';

/** Longest that putting the parts together may take here; whoever asks again finds it done. */
const finishMs = 20_000;

/**
 * Takes an upload over from whatever connection moved it: that one may be long dead without knowing it, so the newest of a person's
 * requests wins. Presence has just been proven, and is again while bytes come.
 */
@Injectable()
export class ResumeUpload {
  constructor(
    private readonly uploads: Uploads,
    private readonly views: UploadViews,
    private readonly running: RunningUploads,
    private readonly finish: FinishUpload,
    private readonly hopTokens: HopTokens,
  ) {}

  async execute(
    { roomId, joinId = '', person }: Grant,
    { fileId }: files.ResumeUploadRequest,
  ): Promise<Answer<typeof files.UploadsService.method.resumeUpload>> {
    const { userId, sessionId, credentialId } = person;
    const found = await this.views.require(roomId, fileId, userId);
    const epoch = found.status === 'available' ? undefined : await this.uploads.takeOver(fileId);
    if (epoch !== undefined) {
      this.running.overtaken(fileId);
      await this.finishWhole({ roomId, fileId, ownerId: userId });
    }
    const upload = await this.views.one({ roomId, fileId, ownerId: userId });
    const claim = { action: 'upload', fileId, roomId, userId, sessionId, credentialId, epoch: epoch ?? 0 } as const;
    const hopToken = upload.expiresAt ? this.hopTokens.issue(claim) : '';
    return { upload, hopToken, roomId, joinId };
  }

  /** Its last byte is stored, and the process that stored it did not live to say so: nothing is left to send. */
  private async finishWhole({ roomId, fileId, ownerId }: Pick<Upload, 'roomId' | 'fileId' | 'ownerId'>): Promise<void> {
    const upload = await this.views.require(roomId, fileId, ownerId);
    if (upload.status === 'available' || upload.size === 0 || upload.stored < upload.size) return;
    await this.finish.resumed(upload, AbortSignal.timeout(finishMs)).catch((error: unknown) => {
      throw error instanceof DomainError ? error : new DomainError('UNAVAILABLE', { cause: error });
    });
  }
}
