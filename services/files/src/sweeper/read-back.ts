import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { FileIndex, type WrittenFile } from '../file/file-index.js';
import { FilesMetrics } from '../files-metrics.js';
import { ObjectMissing, ObjectStorage } from '../objects/object-storage.js';
import { SweepTimes } from './sweep-times.js';

const mebibyte = 1024 * 1024;
/** Read at once, and the pause behind it: some 60 MiB a second at most, beside people who read. */
const step = { bytes: 8 * mebibyte, pauseMs: 125 };
/** After so many bytes the round goes on at the next sweep. */
const mostBytes = 256 * mebibyte;

/** What was said of an object when it was written, and what its bytes say now. */
class RunningCrc32 {
  private value = 0;

  constructor(private readonly expected: number) {}

  update(bytes: Uint8Array): void {
    this.value = crc32(bytes, this.value);
  }

  matches(): boolean {
    return this.value === this.expected;
  }
}

/** The same for rows of the release before. */
class RunningSha256 {
  private readonly hash = createHash('sha256');

  constructor(private readonly expected: Buffer) {}

  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  matches(): boolean {
    return this.hash.digest().equals(this.expected);
  }
}

/**
 * Reads stored objects from end to end, slowly and in a round, and compares them with the checksum that was taken when they were
 * written: what rots in the store is found before somebody needs it. No key is needed for that, and nothing is opened.
 */
@Injectable()
export class ReadBack {
  constructor(
    private readonly index: FileIndex,
    private readonly storage: ObjectStorage,
    private readonly times: SweepTimes,
    private readonly metrics: FilesMetrics,
    private readonly logger: Logger,
  ) {}

  /** One stretch of the round; answers how many objects are not what was written. */
  async run(stop: AbortSignal): Promise<number> {
    let rotten = 0;
    for (let left = mostBytes; left > 0 && !stop.aborted;) {
      const file = await this.index.longestUnread(this.times.readBack);
      if (!file) break;
      const whole = await this.isWhole(file, stop);
      if (stop.aborted) break;
      if (!whole) {
        rotten += 1;
        this.metrics.rotten();
        this.logger.error('object of a file is not what was written', { fileId: file.id, roomId: file.roomId });
      }
      await this.index.readBack(file.id);
      left -= Math.max(1, file.objectLength);
    }
    return rotten;
  }

  private async isWhole({ objectKey, objectLength, checksum }: WrittenFile, stop: AbortSignal): Promise<boolean> {
    const sum = 'crc32' in checksum ? new RunningCrc32(checksum.crc32) : new RunningSha256(checksum.sha256);
    for (let at = 0; at < objectLength && !stop.aborted; at += step.bytes) {
      const part = await this.storage.read(objectKey, at, Math.min(objectLength, at + step.bytes), stop).catch(missing);
      // The comparison with the bucket says so, and calls the file lost.
      if (!part) return true;
      if (part.objectLength !== objectLength) return false;
      for await (const bytes of part.bytes) sum.update(bytes);
      if (at + step.bytes < objectLength) await pause(step.pauseMs);
    }
    return sum.matches();
  }
}

function missing(error: unknown): undefined {
  if (error instanceof ObjectMissing) return undefined;
  throw error;
}
