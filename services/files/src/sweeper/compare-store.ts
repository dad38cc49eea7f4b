import { Clock, Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FileIndex, type LeavingFile } from '../file/file-index.js';
import { Uploads } from '../file/uploads.js';
import { FilesMetrics } from '../files-metrics.js';
import { ObjectStorage, type UnfinishedWrite } from '../objects/object-storage.js';
import { SweepTimes } from './sweep-times.js';

const page = 500;

/**
 * Lays the bucket beside the index, both in order of keys, in one pass and constant memory: removes what no file needs once it
 * is old enough, and marks files whose object is gone as lost.
 */
@Injectable()
export class CompareStore {
  constructor(
    private readonly index: FileIndex,
    private readonly uploads: Uploads,
    private readonly storage: ObjectStorage,
    private readonly times: SweepTimes,
    private readonly metrics: FilesMetrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async run(): Promise<{ orphans: number; missing: number }> {
    const started = this.clock.now();
    const old = new Date(started.getTime() - this.times.orphan);
    const rows = this.available(started);
    let row = await next(rows);
    let missing = 0;
    let orphans = 0;
    const unclaimed: string[] = [];

    for await (const { key, modifiedAt } of this.storage.list()) {
      for (; row && row.objectKey < key; row = await next(rows)) missing += await this.lose(row);
      if (row?.objectKey === key) row = await next(rows);
      else if (modifiedAt <= old) unclaimed.push(key);
      if (unclaimed.length >= page) orphans += await this.removeOrphans(unclaimed.splice(0));
    }
    for (; row; row = await next(rows)) missing += await this.lose(row);

    orphans += await this.removeOrphans(unclaimed);
    for await (const write of this.storage.listUnfinished())
      if (write.startedAt <= old) orphans += await this.abortUnneeded(write);
    this.metrics.swept({ orphans, missing });
    return { orphans, missing };
  }

  private async removeOrphans(keys: string[]): Promise<number> {
    if (keys.length === 0) return 0;
    const needed = await this.index.neededKeys(keys);
    const pieces = new Set(await this.uploads.neededPieces(keys));
    const orphans = keys.filter((key) => !needed.has(key) && !pieces.has(key));
    for (const key of orphans) await this.storage.remove(key);
    if (orphans.length > 0) this.logger.warn('objects without a file removed', { count: orphans.length });
    return orphans.length;
  }

  /** An upload may be unfinished for longer than this: what its row needs stays, however old. */
  private async abortUnneeded(write: UnfinishedWrite): Promise<number> {
    if (await this.uploads.needsWrite(write)) return 0;
    await this.storage.abortParts(write.key, write.uploadId);
    this.logger.warn('unfinished write without a file ended');
    return 1;
  }

  /** A listing may lag behind, so the object itself is asked for before its file is called lost. */
  private async lose(row: LeavingFile): Promise<number> {
    if (await this.storage.exists(row.objectKey)) return 0;
    if (!(await this.index.markLost(row.id))) return 0;
    this.logger.error('object of a file is gone from the store', { fileId: row.id, roomId: row.roomId });
    return 1;
  }

  private async *available(until: Date): AsyncGenerator<LeavingFile, undefined> {
    for (let after = ''; ;) {
      const rows = await this.index.availableAfter(after, until, page);
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < page) return;
      after = last.objectKey;
    }
  }
}

async function next<T>(source: AsyncGenerator<T, undefined>): Promise<T | undefined> {
  return (await source.next()).value;
}
