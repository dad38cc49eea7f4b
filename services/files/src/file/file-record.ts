import type { Permission } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Manifest, ManifestVersion } from '@conclave/sealing';
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
    /** SHA-256 of the plaintext, in rows of the release before: made while the file was sealed. Compared by a check, shown to nobody. */
    sha256: p.blob().nullable(),
    /** The same, sealed, once somebody has asked for it. */
    sealedDigest: p.blob().nullable(),
    /** Header of the container; what the object's own must equal. */
    header: p.blob().nullable(),
    objectLength: p.bigint('number').nullable(),
    /** 1: the manifest binds `objectSha256`; 2: `tagRoot`. */
    manifestVersion: p.smallint().$type<ManifestVersion>(),
    objectSha256: p.blob().nullable(),
    tagRoot: p.blob().nullable(),
    /** CRC-32 of the object; null in rows of the release before. */
    objectCrc32: p.bigint('number').nullable(),
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
  readonly header: Buffer;
  readonly objectCrc32: number;
  readonly manifest: Manifest;
}

/** One file's row. */
export class FileRecord extends schema.class {
  static reserve(facts: NewFile, now: Date): FileRecord {
    return Object.assign(new FileRecord(), facts, {
      status: 'reserved' as const,
      charged: 0,
      sha256: null,
      sealedDigest: null,
      header: null,
      objectLength: null,
      manifestVersion: 1 as const,
      objectSha256: null,
      tagRoot: null,
      objectCrc32: null,
      manifestTag: null,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** The same file as people see it once its object is stored. */
  whole(): FileRecord {
    return Object.assign(new FileRecord(), this, { status: 'available' as const });
  }

  /** Whether people in the room see it. */
  get shown(): boolean {
    return shownStates.includes(this.status);
  }

  /** The container's header and manifest; a file that is not whole is FILE_NOT_AVAILABLE. */
  sealed(): { header: Uint8Array; manifest: Manifest } {
    const { header, objectLength, manifestVersion: version, manifestTag } = this;
    const root = version === 1 ? this.objectSha256 : this.tagRoot;
    if (this.status !== 'available' || !header || !objectLength || !root || !manifestTag)
      throw new DomainError('FILE_NOT_AVAILABLE');
    return { header, manifest: { version, plaintextLength: this.size, objectLength, root, manifestTag } };
  }

  /** The permission that somebody needs to shred it. */
  deletionBy(userId: string): Permission {
    return userId === this.ownerId ? 'file.delete-own' : 'file.delete';
  }
}
schema.setClass(FileRecord);
