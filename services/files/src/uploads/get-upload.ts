import type { files } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { UploadViews } from './upload-views.js';

/** A look at an upload of the caller's own, which goes on as it was. */
@Injectable()
export class GetUpload {
  constructor(private readonly views: UploadViews) {}

  async execute(
    { roomId, person }: Grant,
    { fileId }: files.GetUploadRequest,
  ): Promise<Answer<typeof files.UploadsService.method.getUpload>> {
    return { upload: await this.views.one({ roomId, fileId, ownerId: person.userId }) };
  }
}
