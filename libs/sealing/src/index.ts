/** The sealed container, version 1: its layout and arithmetic. Runtime neutral; the cryptography is in `./node` and `./web`. */
export type { Bytes } from './bytes.js';
export { combineCrc32 } from './crc32.js';
export {
  isObjectLength,
  objectLength,
  partCount,
  partLength,
  segmentCount,
  segmentLength,
  segmentOffset,
  segmentsForRange,
  segmentsPerPart,
  type ByteRange,
  type SegmentRange,
} from './geometry.js';
export { encodeHeader, headerPrefix, parseHeader, type ParsedHeader } from './header.js';
export { fileIntegrity } from './integrity.js';
export { DIGEST_LABEL, MESSAGE_LABEL, META_LABEL, type FileIdentity } from './labels.js';
export {
  HEADER_LENGTH,
  KEY_LENGTH,
  MOST_OBJECT_LENGTH,
  MOST_PARTS,
  PART_LENGTH,
  SEGMENTS_PER_BATCH,
  SEALED_SEGMENT_LENGTH,
  SEGMENTS_PER_PART,
  SEGMENT_LENGTH,
  sealedLength,
} from './layout.js';
export { MANIFEST_VERSIONS, type Manifest, type ManifestFacts, type ManifestVersion } from './manifest.js';
export { SUITES, type Suite } from './suite.js';
