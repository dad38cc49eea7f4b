import { files, timestampFromDate, type MessageInitShape, type Permission } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Dek } from '@conclave/keys';
import { Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { Vault } from '../keys/vault.js';
import { openDigest } from '../file/file-digest.js';
import { openMetadata, type FileMetadata } from '../file/file-metadata.js';
import type { FileRecord, FileState } from '../file/file-record.js';
import { People } from '../people/people.js';

/** A file as people see it. */
export type FileView = MessageInitShape<typeof files.FileSchema>;

const wireStatus: Record<FileState, files.FileStatus> = {
  reserved: files.FileStatus.RESERVED,
  uploading: files.FileStatus.UPLOADING,
  available: files.FileStatus.AVAILABLE,
  deleting: files.FileStatus.DELETING,
  failed: files.FileStatus.FAILED,
  lost: files.FileStatus.LOST,
};

/** Who looks at a file, and what they may do in its room now; a `Grant` is one. */
export interface Viewer {
  readonly person: { readonly userId: string };
  may(permission: Permission): boolean;
}

/** Opens the sealed names of rows and adds whose they are. */
@Injectable()
export class FileViews {
  constructor(
    private readonly vault: Vault,
    private readonly people: People,
    private readonly logger: Logger,
  ) {}

  /** One file; NOT_FOUND once its key is shredded. */
  async one(record: FileRecord, viewer: Viewer): Promise<FileView> {
    const dek = await this.vault.open({ roomId: record.roomId, fileId: record.id });
    try {
      const names = await this.people.names([record.ownerId]);
      const metadata = openMetadata(dek, { roomId: record.roomId, fileId: record.id }, record.metadata);
      return fileMessage(record, { ...metadata, sha256: digestIn(record, dek) }, names, viewer);
    } finally {
      dek.destroy();
    }
  }

  /** Files of one room. One whose name no longer opens is left out: it must not hide the others. */
  async all(roomId: string, records: readonly FileRecord[], viewer: Viewer): Promise<FileView[]> {
    if (records.length === 0) return [];
    const [deks, names] = await Promise.all([
      this.vault.openMany(
        roomId,
        records.map(({ id }) => id),
      ),
      this.people.names([...new Set(records.map(({ ownerId }) => ownerId))]),
    ]);
    try {
      return records.flatMap((record) => {
        const dek = deks.get(record.id);
        if (!dek) return [];
        try {
          const metadata = openMetadata(dek, { roomId, fileId: record.id }, record.metadata);
          return [fileMessage(record, { ...metadata, sha256: digestIn(record, dek) }, names, viewer)];
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          this.logger.error('sealed name does not verify', { fileId: record.id, error });
          return [];
        }
      });
    } finally {
      for (const dek of deks.values()) dek.destroy();
    }
  }
}

/** What somebody may do to one file, by the names that the API uses for it: `file.delete` stands for the own one too. */
function can(record: FileRecord, viewer: Viewer): Permission[] {
  const read: Permission[] = record.status === 'available' && viewer.may('file.read') ? ['file.read'] : [];
  return viewer.may(record.deletionBy(viewer.person.userId)) ? [...read, 'file.delete'] : read;
}

/** Empty until somebody has asked for it. */
const digestIn = ({ id: fileId, roomId, sealedDigest }: FileRecord, dek: Dek): string =>
  sealedDigest ? openDigest(dek, { roomId, fileId }, sealedDigest) : '';

function fileMessage(
  record: FileRecord,
  { name, type, sha256 }: FileMetadata & { readonly sha256: string },
  names: ReadonlyMap<string, string>,
  viewer: Viewer,
): FileView {
  return {
    id: record.id,
    name,
    type,
    size: BigInt(record.size),
    sha256,
    status: wireStatus[record.status],
    ownerId: record.ownerId,
    ownerName: names.get(record.ownerId) ?? '',
    createdAt: timestampFromDate(record.createdAt),
    can: can(record, viewer),
  };
}
