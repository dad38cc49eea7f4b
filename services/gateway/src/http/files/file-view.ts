import { files } from '@conclave/contracts';
import { z } from 'zod';
import { can, id, instant, list, permissionsIn, person, present, time } from '../schemas.js';

const status = z.enum(['reserved', 'uploading', 'available', 'deleting', 'failed', 'lost']);

/** One file of a room. */
export const file = z
  .strictObject({
    id,
    name: z.string(),
    size: z.number().int(),
    type: z.string(),
    sha256: z.string(),
    status,
    owner: person,
    createdAt: time,
    can,
  })
  .meta({ id: 'File' });

/** A page of them, with what may be shared. */
export const fileList = list(file).extend({ limits: z.strictObject({ maxFileBytes: z.number().int() }) });

const statuses = {
  [files.FileStatus.UNSPECIFIED]: undefined,
  [files.FileStatus.RESERVED]: 'reserved',
  [files.FileStatus.UPLOADING]: 'uploading',
  [files.FileStatus.AVAILABLE]: 'available',
  [files.FileStatus.DELETING]: 'deleting',
  [files.FileStatus.FAILED]: 'failed',
  [files.FileStatus.LOST]: 'lost',
} as const;

export function fileView(wire: files.File | undefined): z.input<typeof file> {
  const { id, name, size, type, sha256, status, ownerId, ownerName, createdAt, can } = present(wire);
  return {
    id,
    name,
    size: Number(size),
    type,
    sha256,
    status: present(statuses[status]),
    owner: { id: ownerId, displayName: ownerName },
    createdAt: instant(createdAt),
    can: permissionsIn(can),
  };
}
