import { Audit } from '@conclave/audit';
import type { files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Grant } from '@conclave/messaging';
import { Outbox, Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { Shredder } from '../file/shredder.js';
import { FileIndex } from '../file/file-index.js';
import { Space } from '../file/space.js';
import { shownStates } from '../file/file-record.js';

/** Shreds a file. Once the row says so there is no way back: the sweeper ends whatever a crash leaves. */
@Injectable()
export class DeleteFile {
  constructor(
    private readonly index: FileIndex,
    private readonly space: Space,
    private readonly shredder: Shredder,
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async execute(
    grant: Grant,
    request: files.DeleteFileRequest,
  ): Promise<Answer<typeof files.FilesService.method.deleteFile>> {
    const { roomId, person } = grant;
    const file = await this.index.require(roomId, request.fileId);
    grant.require(file.deletionBy(person.userId));
    await this.transaction.run(async (em) => {
      if (!(await this.space.retire(em, file.id, shownStates, 'deleting'))) throw new DomainError('NOT_FOUND');
      await this.outbox.add(em, { case: 'fileDeleted', value: { roomId, fileId: file.id } });
      await this.audit.append(em, {
        actor: `user:${person.userId}`,
        action: 'file.deleted',
        subject: `file:${file.id}`,
        detail: { roomId },
      });
    });
    // The answer says that nobody can open it any more; the object itself may wait for a store that is down.
    await this.shredder.shredKey(file.id);
    await this.shredder.removeQuietly(file);
    return {};
  }
}
