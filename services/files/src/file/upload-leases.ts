import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FileIndex } from './file-index.js';
import { Shredder } from './shredder.js';
import { leaseSeconds, Space, type Place } from './space.js';

const batch = 200;

/** The places that people hold for files which are not whole yet: each is a lease that bytes renew. */
@Injectable()
export class UploadLeases {
  constructor(
    private readonly index: FileIndex,
    private readonly space: Space,
    private readonly shredder: Shredder,
    private readonly transaction: Transaction,
    private readonly logger: Logger,
  ) {}

  /** Runs what takes space; where there is none, what leases that ran out still hold is given back first. @throws DomainError QUOTA_EXCEEDED */
  async withSpace<T>(place: Place, take: () => Promise<T>): Promise<T> {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof DomainError) || error.reason !== 'QUOTA_EXCEEDED') throw error;
      if ((await this.endExpired(place)) === 0) throw error;
      return take();
    }
  }

  /** Ends leases that ran out, of a room and a person or of everybody; answers how many. */
  async endExpired(place?: Place): Promise<number> {
    let ended = 0;
    for (const { id } of await this.index.expiredLeases(leaseSeconds, batch, place))
      if (await this.end(id, ['reserved', 'uploading'])) ended += 1;
    return ended;
  }

  /** Ends one that its holder has no use for; false when it is no longer in `from`. */
  async end(fileId: string, from: readonly ('reserved' | 'uploading')[]): Promise<boolean> {
    if (!(await this.transaction.run((em) => this.space.retire(em, fileId, from, 'failed')))) return false;
    this.logger.info('file given up', { fileId });
    await this.shredder.shredKey(fileId);
    return true;
  }
}
