import type { files } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { fileIdOf, presenceIn } from './caller.js';
import { FileIndex } from '../file/file-index.js';
import { FileViews, type FileView } from './file-views.js';
import { Presence } from '../presence/presence.js';

/** One file of the room the caller is in. */
@Injectable()
export class GetFile {
  constructor(
    private readonly presence: Presence,
    private readonly index: FileIndex,
    private readonly views: FileViews,
  ) {}

  async execute(request: files.GetFileRequest, principal: Principal): Promise<{ file: FileView }> {
    const { roomId } = await this.presence.prove(presenceIn(request.slug, principal));
    return { file: await this.views.one(await this.index.require(roomId, fileIdOf(request.fileId))) };
  }
}
