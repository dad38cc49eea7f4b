import { concat } from './bytes.js';
import { fileIntegrity } from './integrity.js';
import { COMMITMENT_LENGTH, HEADER_LENGTH, SALT_LENGTH } from './layout.js';
import { SUITES, suiteOfByte, type Suite } from './suite.js';

const MAGIC = Uint8Array.of(0x53, 0x56, 0x43, 0x46); // "SVCF"
const VERSION = 1;
const SEGMENT_LENGTH_LOG2 = 0x10;
const FLAGS = 0;

/** A header taken apart. It says nothing about the room, the file or the sizes. */
export interface ParsedHeader {
  readonly suite: Suite;
  /** The first eight bytes, which the key derivation covers. */
  readonly h8: Uint8Array;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
}

/** `"SVCF" | version | suite | log2(P) | flags`. */
export function headerPrefix(suite: Suite): Uint8Array {
  return concat(MAGIC, Uint8Array.of(VERSION, SUITES[suite].byte, SEGMENT_LENGTH_LOG2, FLAGS));
}

/** The 72 bytes in front of the first segment. */
export function encodeHeader(suite: Suite, salt: Uint8Array, commitment: Uint8Array): Uint8Array {
  if (salt.length !== SALT_LENGTH) throw new RangeError(`a salt has ${SALT_LENGTH} bytes`);
  if (commitment.length !== COMMITMENT_LENGTH) throw new RangeError(`a commitment has ${COMMITMENT_LENGTH} bytes`);
  return concat(headerPrefix(suite), salt, commitment);
}

/** Takes a header apart; an unknown version, suite, segment size or flag is refused (FILE_INTEGRITY). */
export function parseHeader(header: Uint8Array): ParsedHeader {
  if (header.length !== HEADER_LENGTH) throw fileIntegrity('header length');
  const suite = suiteOfByte(header[5]);
  if (suite === undefined) throw fileIntegrity('unknown suite');
  const expected = headerPrefix(suite);
  // All of it is public, so an early end gives nothing away.
  if (!expected.every((byte, at) => header[at] === byte)) throw fileIntegrity('header prefix');
  return {
    suite,
    h8: header.slice(0, 8),
    salt: header.slice(8, 8 + SALT_LENGTH),
    commitment: header.slice(8 + SALT_LENGTH, HEADER_LENGTH),
  };
}
