import { DomainError } from '@conclave/errors';
import type { Dek } from '@conclave/keys';
import { Logger } from '@conclave/platform';
import { fileIntegrity } from '@conclave/sealing';
import { SealedFile, type ReadObject } from '@conclave/sealing/node';
import { Injectable } from '@nestjs/common';
import type { FileRecord } from '../file/file-record.js';
import { ObjectMissing, ObjectStorage } from '../objects/object-storage.js';
import { Sealing } from './sealing.js';

/** Opens the object of a file. Opening proves header, key and manifest; nothing is fetched before the first byte is asked for. */
@Injectable()
export class OpenSealed {
  constructor(
    private readonly storage: ObjectStorage,
    private readonly sealing: Sealing,
    private readonly logger: Logger,
  ) {}

  /** The caller destroys it. @throws FILE_NOT_AVAILABLE when it is not whole */
  execute(record: FileRecord, dek: Dek): Promise<SealedFile> {
    const { id: fileId, roomId } = record;
    const { header, manifest } = record.sealed();
    const readObject = this.reader(record, manifest.objectLength);
    return dek.use((key) =>
      SealedFile.open({ engine: this.sealing, dek: key, fileId, roomId, manifest, header, readObject }),
    );
  }

  private reader({ id: fileId, objectKey }: FileRecord, expected: number): ReadObject {
    return async ({ start, end }, signal) => {
      try {
        const { objectLength, bytes } = await this.storage.read(objectKey, start, end, signal);
        if (objectLength !== expected) throw fileIntegrity('the object has not the length of its manifest');
        return bytes;
      } catch (error) {
        if (!(error instanceof ObjectMissing)) throw error;
        this.logger.error('object of a file is gone from the store', { fileId });
        throw new DomainError('FILE_NOT_AVAILABLE', { cause: error });
      }
    };
  }
}
