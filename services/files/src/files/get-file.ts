import type { files } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import { FileViews } from './file-views.js';

/** One file of the room the caller is in. */
@Injectable()
export class GetFile {
  constructor(
    private readonly index: FileIndex,
    private readonly views: FileViews,
  ) {}

  async execute(
    grant: Grant,
    { fileId }: files.GetFileRequest,
  ): Promise<Answer<typeof files.FilesService.method.getFile>> {
    return { file: await this.views.one(await this.index.require(grant.roomId, fileId), grant) };
  }
}
