import { concat, u64be, uuidBytes } from '../bytes.js';
import { partCount, segmentCount, segmentsPerPart } from '../geometry.js';
import { parseHeader } from '../header.js';
import { fileIntegrity } from '../integrity.js';
import { CHECKPOINT_LABEL, type FileIdentity } from '../labels.js';
import { MANIFEST_VERSIONS, type ManifestVersion } from '../manifest.js';
import { openNote, sealNote } from './text.js';

/**
 * Where sealing stands after a part was handed out: with the file's DEK and the header, any process goes on from here
 * (`FileSealer.resume`). After the last part nothing is left to seal, and resuming gives the manifest.
 */
export interface Checkpoint {
  readonly manifestVersion: ManifestVersion;
  /** As declared; a file of another length cannot go on from here. */
  readonly plaintextLength: number;
  /** First segment that is still to be sealed; the plaintext goes on at 65,536 times this. */
  readonly nextSegment: number;
  /** Number of the first part that is still to come. */
  readonly nextPart: number;
  /** CRC-32 of the object so far. */
  readonly objectCrc32: number;
  /** State of the manifest's root. */
  readonly root: Uint8Array;
}

/** Whose checkpoint it is: it opens for this file and this header only. */
export interface CheckpointOwner extends FileIdentity {
  readonly dek: Uint8Array;
  readonly header: Uint8Array;
}

/** Four numbers of eight bytes and the version, then the root's state. */
const FIXED_LENGTH = 33;

/** Whether sealing a file of this length can stand here. */
export function isCheckpointOf(checkpoint: Checkpoint, plaintextLength: number): boolean {
  const { manifestVersion, nextPart, nextSegment, objectCrc32 } = checkpoint;
  return (
    checkpoint.plaintextLength === plaintextLength &&
    MANIFEST_VERSIONS.includes(manifestVersion) &&
    Number.isSafeInteger(nextPart) &&
    nextPart > 1 &&
    nextPart <= partCount(plaintextLength) + 1 &&
    nextSegment === Math.min((nextPart - 1) * segmentsPerPart(plaintextLength), segmentCount(plaintextLength)) &&
    Number.isInteger(objectCrc32) &&
    objectCrc32 >= 0 &&
    objectCrc32 < 2 ** 32
  );
}

const aadOf = ({ fileId, roomId, header }: CheckpointOwner): Uint8Array =>
  concat(uuidBytes(fileId), uuidBytes(roomId), header);

/** The sealed form, to be kept in a database: encrypted and authenticated under the DEK, bound to file, room and header. */
export function sealCheckpoint(owner: CheckpointOwner, checkpoint: Checkpoint): Buffer {
  const { manifestVersion, plaintextLength, nextSegment, nextPart, objectCrc32, root } = checkpoint;
  const numbers = [plaintextLength, nextSegment, nextPart, objectCrc32].map(u64be);
  const plaintext = concat(Uint8Array.of(manifestVersion), ...numbers, root);
  return sealNote(parseHeader(owner.header).suite, owner.dek, CHECKPOINT_LABEL, aadOf(owner), plaintext);
}

/** Opens what `sealCheckpoint` made, or refuses it with FILE_INTEGRITY. Whether it fits is for `FileSealer.resume` to say. */
export function openCheckpoint(owner: CheckpointOwner, sealed: Uint8Array): Checkpoint {
  const bytes = openNote(owner.dek, CHECKPOINT_LABEL, aadOf(owner), sealed);
  if (bytes.length < FIXED_LENGTH) throw fileIntegrity('checkpoint length');
  const number = (at: number) => Number(bytes.readBigUInt64BE(1 + 8 * at));
  return {
    manifestVersion: bytes[0] as ManifestVersion, // judged with the rest of it
    plaintextLength: number(0),
    nextSegment: number(1),
    nextPart: number(2),
    objectCrc32: number(3),
    root: new Uint8Array(bytes.subarray(FIXED_LENGTH)),
  };
}
