/** Sizes of the sealed container, version 1. They are part of the format: changing one means a new version byte. */

/** `h8` (8) | salt (32) | commitment (32). */
export const HEADER_LENGTH = 72;
export const SALT_LENGTH = 32;
export const COMMITMENT_LENGTH = 32;

/** Plaintext bytes of every segment but the last, which is always shorter (maybe empty). */
export const SEGMENT_LENGTH = 65_536;
export const IV_LENGTH = 16;
export const TAG_LENGTH = 32;
export const BLOCK_LENGTH = 16;

/** A full segment on the wire: IV | E (65,536 + one block of padding) | T. */
export const SEALED_SEGMENT_LENGTH = IV_LENGTH + SEGMENT_LENGTH + BLOCK_LENGTH + TAG_LENGTH;

/** The shortest last segment: one block of padding and nothing else. */
export const SEALED_EMPTY_LENGTH = IV_LENGTH + BLOCK_LENGTH + TAG_LENGTH;

/** An S3 part carries this many segments, in very large files that many times a power of two; part 1 carries the header as well. */
export const SEGMENTS_PER_PART = 128;
export const PART_LENGTH = SEGMENTS_PER_PART * SEALED_SEGMENT_LENGTH;
/** S3 takes no more parts of one object, and no larger object. */
export const MOST_PARTS = 10_000;
export const MOST_OBJECT_LENGTH = 5 * 1024 ** 4;

/** Segments worked on in one go: as many as the native engine has lanes. 1 MiB of plaintext still fits the second-level cache. */
export const SEGMENTS_PER_BATCH = 16;

/** Every key of the ladder, and the ikm of every derivation here. */
export const KEY_LENGTH = 32;

/** Bytes on the wire of a segment with that much plaintext. PKCS#7 always adds 1 to 16 bytes. */
export function sealedLength(plaintextLength: number): number {
  return IV_LENGTH + (Math.floor(plaintextLength / BLOCK_LENGTH) + 1) * BLOCK_LENGTH + TAG_LENGTH;
}
