import { META_LABEL, type FileIdentity, type Suite } from '@conclave/sealing';
import { openText, sealText } from '@conclave/sealing/node';
import type { Dek } from '@conclave/keys';

/** What a file is called and what it claims to be. */
export interface FileMetadata {
  readonly name: string;
  readonly type: string;
}

/** Bound to room and file, so that sealed metadata opens in no other row. */
const placeOf = ({ roomId, fileId }: FileIdentity): Buffer => Buffer.from(`${roomId}/${fileId}`);

/** Seals name and type under the file's own key: a dump of the database shows neither. */
export const sealMetadata = (suite: Suite, dek: Dek, identity: FileIdentity, metadata: FileMetadata): Buffer =>
  dek.use((key) => sealText(suite, key, META_LABEL, placeOf(identity), JSON.stringify([metadata.name, metadata.type])));

/** Opens them again; FILE_INTEGRITY when they are not what was sealed. */
export function openMetadata(dek: Dek, identity: FileIdentity, sealed: Uint8Array): FileMetadata {
  const text = dek.use((key) => openText(key, META_LABEL, placeOf(identity), sealed));
  const [name, type] = JSON.parse(text) as [string, string];
  return { name, type };
}
