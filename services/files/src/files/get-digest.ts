import { setTimeout as pause } from 'node:timers/promises';
import type { files } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import { Digests } from './digests.js';

/** So long one question waits; a digest of a large file takes longer, and whoever asked asks again. */
const patienceMs = 2_000;

/** The SHA-256 of a file of the room the caller is in. */
@Injectable()
export class GetDigest {
  constructor(
    private readonly index: FileIndex,
    private readonly digests: Digests,
  ) {}

  async execute(
    grant: Grant,
    { fileId }: files.GetDigestRequest,
  ): Promise<Answer<typeof files.FilesService.method.getDigest>> {
    const record = await this.index.require(grant.roomId, fileId);
    record.sealed();
    const answered = new AbortController();
    const late = pause(patienceMs, '', { signal: answered.signal }).catch(() => '');
    try {
      return { sha256: await Promise.race([this.digests.of(record), late]) };
    } finally {
      answered.abort();
    }
  }
}
