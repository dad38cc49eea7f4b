import { randomUUID } from 'node:crypto';
import type { Dek } from '@conclave/keys';
import { FileSealer, SealedFile, type SealedPart } from '@conclave/sealing/node';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { Upload } from '../file/uploads.js';
import { ObjectStorage, type OutgoingBytes } from '../objects/object-storage.js';
import { Sealing } from '../sealing/sealing.js';
import type { Piece } from './upload-state.js';

/**
 * What came behind the last whole part is kept as small sealed objects until the rest of the part comes: the store takes no part
 * that grows, and what was acknowledged must be stored.
 */
@Injectable()
export class UploadPieces {
  constructor(
    private readonly storage: ObjectStorage,
    private readonly sealing: Sealing,
    private readonly logger: Logger,
  ) {}

  /** Stores exactly `length` bytes; at most a few MiB. */
  async write(
    { roomId, objectKey }: Pick<Upload, 'roomId' | 'objectKey'>,
    dek: Dek,
    source: AsyncIterable<Uint8Array>,
    length: number,
    signal: AbortSignal,
  ): Promise<Piece> {
    const id = randomUUID();
    const key = `${objectKey}.${id}`;
    const sealer = dek.use(
      (bytes) =>
        new FileSealer({
          engine: this.sealing,
          suite: this.sealing.suite,
          manifestVersion: this.sealing.manifestVersion,
          dek: bytes,
          fileId: id,
          roomId,
          plaintextLength: length,
          signal,
        }),
    );
    try {
      for await (const part of sealer.parts(source)) {
        await this.storage.put(key, partBytes(part), signal);
        part.release();
      }
    } finally {
      sealer.destroy();
    }
    const { header, objectCrc32: _crc32, suite: _suite, ...manifest } = sealer.sealed();
    return { id, key, header, manifest };
  }

  /** Their bytes in order, each verified before it is handed out. */
  async *read(roomId: string, dek: Dek, pieces: readonly Piece[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const { id, key, header, manifest } of pieces) {
      const file = await dek.use((bytes) =>
        SealedFile.open({
          engine: this.sealing,
          dek: bytes,
          fileId: id,
          roomId,
          manifest,
          header,
          readObject: async ({ start, end }, stop) => (await this.storage.read(key, start, end, stop)).bytes,
        }),
      );
      try {
        for await (const chunk of file.read(undefined, signal)) {
          yield chunk;
          file.release(chunk);
        }
      } finally {
        file.destroy();
      }
    }
  }

  /** They are part of the object now, or never will be. What stays is removed by the comparison with the store. */
  async remove(pieces: readonly Pick<Piece, 'key'>[]): Promise<void> {
    for (const { key } of pieces)
      await this.storage.remove(key).catch((error: unknown) => {
        this.logger.warn('piece of an upload stays until the next comparison', { error });
      });
  }
}

/** A part that is all there, to be sent as often as it takes. */
const partBytes = ({ length, bytes, crc32 }: SealedPart): OutgoingBytes => ({
  length,
  crc32: () => crc32,
  bytes: async () =>
    (async function* () {
      yield* bytes;
    })(),
});
