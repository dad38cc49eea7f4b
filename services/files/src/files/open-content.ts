import type { files } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { HopTokens } from '../file/hop-token.js';
import { FileIndex } from '../file/file-index.js';
import { FileViews } from './file-views.js';

/** Hands out the way to a file's bytes; the data plane proves presence again before the first of them. */
@Injectable()
export class OpenContent {
  constructor(
    private readonly index: FileIndex,
    private readonly views: FileViews,
    private readonly hopTokens: HopTokens,
  ) {}

  async execute(
    grant: Grant,
    request: files.OpenContentRequest,
  ): Promise<Answer<typeof files.FilesService.method.openContent>> {
    const { roomId, joinId = '', person } = grant;
    const { userId, sessionId, credentialId } = person;
    const record = await this.index.require(roomId, request.fileId);
    record.sealed();
    const file = await this.views.one(record, grant);
    const claim = { action: 'read', fileId: record.id, roomId, userId, sessionId, credentialId } as const;
    return { file, hopToken: this.hopTokens.issue(claim), roomId, joinId };
  }
}
