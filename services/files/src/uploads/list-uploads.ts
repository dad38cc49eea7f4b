import type { files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { Uploads } from '../file/uploads.js';
import { UploadViews, type UploadView } from './upload-views.js';

/** What the caller has begun in this room and not finished: a page that was loaded anew goes on with it. */
@Injectable()
export class ListUploads {
  constructor(
    private readonly uploads: Uploads,
    private readonly views: UploadViews,
  ) {}

  async execute(
    { roomId, person: { userId: ownerId } }: Grant,
    { limit, after }: files.ListUploadsRequest,
  ): Promise<Answer<typeof files.UploadsService.method.listUploads>> {
    const found = await this.uploads.keptIn(roomId, ownerId, after || undefined, limit + 1);
    const page = found.slice(0, limit);
    const uploads: UploadView[] = [];
    for (const fileId of page) {
      const view = await this.views.one({ roomId, fileId, ownerId }).catch(overMeanwhile);
      if (view) uploads.push(view);
    }
    return { uploads, next: found.length > limit ? (page.at(-1) ?? '') : '' };
  }
}

function overMeanwhile(error: unknown): undefined {
  if (error instanceof DomainError && error.reason === 'NOT_FOUND') return;
  throw error;
}
