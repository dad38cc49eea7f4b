import { DIGEST_LABEL, fileIntegrity, type FileIdentity, type Suite } from '@conclave/sealing';
import { openNote, sealNote } from '@conclave/sealing/node';
import type { Dek } from '@conclave/keys';

/** Bound to room and file, as a name is. */
const placeOf = ({ roomId, fileId }: FileIdentity): Buffer => Buffer.from(`${roomId}/${fileId}`);

/** Seals the SHA-256 of a file's plaintext under the file's own key: a dump of the database cannot tell which known file this is. */
export const sealDigest = (suite: Suite, dek: Dek, identity: FileIdentity, sha256: Uint8Array): Buffer =>
  dek.use((key) => sealNote(suite, key, DIGEST_LABEL, placeOf(identity), Uint8Array.from(sha256)));

/** Opens it again, hexadecimal; FILE_INTEGRITY when it is not what was sealed. */
export function openDigest(dek: Dek, identity: FileIdentity, sealed: Uint8Array): string {
  const sha256 = dek.use((key) => openNote(key, DIGEST_LABEL, placeOf(identity), sealed));
  if (sha256.length !== 32) throw fileIntegrity('digest length');
  return sha256.toString('hex');
}
