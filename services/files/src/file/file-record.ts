import type { Permission } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Manifest } from '@conclave/sealing';
import { defineEntity, p } from '@mikro-orm/core';

/** Where a file stands. `reserved -> uploading -> available -> deleting -> (gone)`; `failed` and `lost` are the ways off. */
export const fileStates = ['reserved', 'uploading', 'available', 'deleting', 'failed', 'lost'] as const;
export type FileState = (typeof fileStates)[number];

/** States that people in the room see. */
export const shownStates: readonly FileState[] = ['uploading', 'available', 'lost'];

/** States whose bytes count against the space of the room and of the person. */
export const countedStates: readonly FileState[] = ['reserved', 'uploading', 'available', 'lost'];

const schema = defineEntity({
  name: 'FileRecord',
  tableName: 'file',
  properties: {
    id: p.uuid().primary(),
    roomId: p.uuid(),
    ownerId: p.uuid(),
    status: p.text().$type<FileState>(),
    /** Random: says nothing about room, file or name. */
    objectKey: p.text(),
    /** Name and MIME type, sealed under the file's own key. */
    metadata: p.blob(),
    /** Plaintext bytes, as declared and then held to. */
    size: p.bigint('number'),
    /** Bytes taken from the space of room and person so far; null in rows of the release before, which took their size at once. */
    charged: p.bigint('number').nullable(),
    /** SHA-256 of the plaintext. */
    sha256: p.blob().nullable(),
    /** Header of the container; what the object's own must equal. */
    header: p.blob().nullable(),
    objectLength: p.bigint('number').nullable(),
    objectSha256: p.blob().nullable(),
    manifestTag: p.blob().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** What a reservation is made from. */
export interface NewFile {
  readonly id: string;
  readonly roomId: string;
  readonly ownerId: string;
  readonly objectKey: string;
  readonly metadata: Buffer;
  readonly size: number;
}

/** What is known of a file once its object is whole. */
export interface SealedFacts {
  readonly sha256: Buffer;
  readonly header: Buffer;
  readonly manifest: Manifest;
}

/** One file's row. */
export class FileRecord extends schema.class {
  static reserve(facts: NewFile, now: Date): FileRecord {
    return Object.assign(new FileRecord(), facts, {
      status: 'reserved' as const,
      charged: 0,
      sha256: null,
      header: null,
      objectLength: null,
      objectSha256: null,
      manifestTag: null,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** The same file as it is once these facts are stored. */
  whole({ sha256 }: Pick<SealedFacts, 'sha256'>): FileRecord {
    return Object.assign(new FileRecord(), this, { status: 'available' as const, sha256 });
  }

  /** Whether people in the room see it. */
  get shown(): boolean {
    return shownStates.includes(this.status);
  }

  /** The container's header and manifest; a file that is not whole is FILE_NOT_AVAILABLE. */
  sealed(): { header: Uint8Array; manifest: Manifest } {
    const { header, objectLength, objectSha256, manifestTag } = this;
    if (this.status !== 'available' || !header || !objectLength || !objectSha256 || !manifestTag)
      throw new DomainError('FILE_NOT_AVAILABLE');
    return { header, manifest: { plaintextLength: this.size, objectLength, sha256: objectSha256, manifestTag } };
  }

  /** The permission that somebody needs to shred it. */
  deletionBy(userId: string): Permission {
    return userId === this.ownerId ? 'file.delete-own' : 'file.delete';
  }
}
schema.setClass(FileRecord);
