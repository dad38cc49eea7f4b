import type { files } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { FileIndex } from '../file/file-index.js';
import { FileViews } from './file-views.js';

/** "View files": for those who are in the meeting, newest first. */
@Injectable()
export class ListFiles {
  constructor(
    private readonly index: FileIndex,
    private readonly views: FileViews,
    @Inject(configToken) private readonly config: Pick<Config, 'MAX_FILE_BYTES'>,
  ) {}

  async execute(
    grant: Grant,
    { limit, after }: files.ListFilesRequest,
  ): Promise<Answer<typeof files.FilesService.method.listFiles>> {
    const found = await this.index.page(grant.roomId, after || undefined, limit + 1);
    const page = found.slice(0, limit);
    return {
      files: await this.views.all(grant.roomId, page, grant),
      next: found.length > limit ? (page.at(-1)?.id ?? '') : '',
      maxFileBytes: BigInt(this.config.MAX_FILE_BYTES),
    };
  }
}
