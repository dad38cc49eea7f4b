import type { files } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { HopTokens } from '../file/hop-token.js';
import { fileIdOf, presenceIn } from './caller.js';
import { FileIndex } from '../file/file-index.js';
import { FileViews, type FileView } from './file-views.js';
import { Presence } from '../presence/presence.js';

/** Hands out the way to a file's bytes; the data plane proves presence again before the first of them. */
@Injectable()
export class OpenContent {
  constructor(
    private readonly presence: Presence,
    private readonly index: FileIndex,
    private readonly views: FileViews,
    private readonly hopTokens: HopTokens,
  ) {}

  async execute(
    request: files.OpenContentRequest,
    principal: Principal,
  ): Promise<{ file: FileView; hopToken: string }> {
    const { userId, sessionId } = principal;
    const { roomId } = await this.presence.prove(presenceIn(request.slug, principal));
    const record = await this.index.require(roomId, fileIdOf(request.fileId));
    record.sealed();
    const file = await this.views.one(record);
    return { file, hopToken: this.hopTokens.issue({ action: 'read', fileId: record.id, roomId, userId, sessionId }) };
  }
}
