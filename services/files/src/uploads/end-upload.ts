import type { files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { RunningUploads } from '../content/running-uploads.js';
import { Shredder } from '../file/shredder.js';
import { UploadLeases } from '../file/upload-leases.js';
import { UploadViews } from './upload-views.js';

/** Gives an unfinished upload up, wherever it runs: its key goes now, and so does what was stored, or with the next sweep. */
@Injectable()
export class EndUpload {
  constructor(
    private readonly views: UploadViews,
    private readonly leases: UploadLeases,
    private readonly running: RunningUploads,
    private readonly shredder: Shredder,
  ) {}

  /** A file that has become whole is shredded by who may do that, and not by this. @throws DomainError NOT_FOUND */
  async execute(
    { roomId, person }: Grant,
    { fileId }: files.EndUploadRequest,
  ): Promise<Answer<typeof files.UploadsService.method.endUpload>> {
    const { objectKey } = await this.views.require(roomId, fileId, person.userId);
    if (!(await this.leases.end(fileId, ['reserved', 'uploading']))) throw new DomainError('NOT_FOUND');
    this.running.overtaken(fileId);
    await this.shredder.removeQuietly({ id: fileId, roomId, objectKey });
    return {};
  }
}
