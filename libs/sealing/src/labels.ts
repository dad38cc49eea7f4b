import { concat, u64be, utf8, uuidBytes, type Bytes } from './bytes.js';
import type { ManifestFacts } from './manifest.js';

/** What a file's keys are bound to: a wrong room or file derives other keys and fails at the commitment. */
export interface FileIdentity {
  /** UUID of the file. */
  readonly fileId: string;
  /** UUID of the room the file lies in. */
  readonly roomId: string;
}

/** Output of the file derivation: MAC_KEY | ENC_KEY | commitment | MANIFEST_KEY, 32 bytes each. */
export const FILE_OKM_LENGTH = 128;

/** HKDF info of a file's keys: `"svc-file/1\0" || h8 || fileId || roomId`. */
export function fileKeysInfo(h8: Uint8Array, { fileId, roomId }: FileIdentity): Bytes {
  return concat(utf8('svc-file/1\0'), h8, uuidBytes(fileId), uuidBytes(roomId));
}

const SEGMENT_LABEL = utf8('svc-seg/1\0');

/** Associated data of segment `index`: `"svc-seg/1\0" || u64be(index) || u8(final)`. */
export function segmentAad(index: number, final: boolean): Bytes {
  return concat(SEGMENT_LABEL, u64be(index), Uint8Array.of(final ? 1 : 0));
}

const MANIFEST_LABEL = utf8('svc-manifest/2\0');

/**
 * What the manifest tag covers. Version 2: `"svc-manifest/2\0" || header || u64be(plaintextLength) || u64be(objectLength) || tagRoot`;
 * version 1 has no label, and the object's SHA-256 at the end. A header never begins with the label, so none can pass for the other.
 */
export function manifestInput(
  header: Uint8Array,
  { version, plaintextLength, objectLength, root }: ManifestFacts,
): Bytes {
  const label = version === 1 ? new Uint8Array(0) : MANIFEST_LABEL;
  return concat(label, header, u64be(plaintextLength), u64be(objectLength), root);
}

/** Label of a file's own metadata (name, type, note), sealed under the file's DEK. */
export const META_LABEL = 'svc-meta/1';

/** Label of the SHA-256 of a file's plaintext, sealed under the file's DEK. */
export const DIGEST_LABEL = 'svc-digest/1';

/** Label of a point at which sealing a file may go on, sealed under the file's DEK. */
export const CHECKPOINT_LABEL = 'svc-checkpoint/1';

/** Label of a room's chat messages, sealed under the room's message key. */
export const MESSAGE_LABEL = 'svc-message/1';

/** First bytes of a sealed text or note: version 1, then the suite's byte. */
export const TEXT_VERSION = 1;

/** HKDF info of the keys for sealed text: `label || 0 || version || suite`. */
export function textKeysInfo(label: string, suiteByte: number): Bytes {
  return concat(utf8(label), Uint8Array.of(0, TEXT_VERSION, suiteByte));
}

/** Associated data of sealed text: `label || 0 || version || suite || aad`; the fixed front keeps the caller's part unambiguous. */
export function textAad(label: string, suiteByte: number, aad: Uint8Array): Bytes {
  return concat(textKeysInfo(label, suiteByte), aad);
}
