import { hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { concat } from '../bytes.js';
import { encodeHeader, headerPrefix, parseHeader } from '../header.js';
import { fileIntegrity } from '../integrity.js';
import { FILE_OKM_LENGTH, fileKeysInfo, type FileIdentity } from '../labels.js';
import { HEADER_LENGTH, KEY_LENGTH, SALT_LENGTH } from '../layout.js';
import { SUITES, type Suite } from '../suite.js';
import { shareKeys, wipeKeys, type SegmentKeys } from './live-keys.js';

/** The keys of one sealed file. Says nothing when printed; `destroy` wipes them everywhere, in workers too. */
export class FileKeys {
  readonly header: Buffer;
  readonly suite: Suite;
  readonly #segments: SharedArrayBuffer;
  readonly #manifest: Buffer;

  constructor(suite: Suite, header: Uint8Array, segmentKeys: Uint8Array, manifestKey: Uint8Array) {
    this.suite = suite;
    this.header = Buffer.from(header);
    this.#segments = shareKeys(segmentKeys);
    this.#manifest = Buffer.from(manifestKey);
  }

  /** What an engine needs for this file's segments. */
  get segments(): SegmentKeys {
    return { suite: this.suite, bytes: this.#segments };
  }

  /** MANIFEST_KEY, not to be kept by the caller. */
  get manifest(): Uint8Array {
    return this.#manifest;
  }

  destroy(): void {
    wipeKeys(this.#segments);
    this.#manifest.fill(0);
  }

  toString(): string {
    return '[FileKeys]';
  }

  toJSON(): string {
    return '[FileKeys]';
  }

  [inspect.custom](): string {
    return '[FileKeys]';
  }
}

/** `HKDF(DEK, salt, "svc-file/1\0" || h8 || fileId || roomId, 128)`. */
function expand(suite: Suite, dek: Uint8Array, salt: Uint8Array, h8: Uint8Array, identity: FileIdentity): Uint8Array {
  if (dek.length !== KEY_LENGTH) throw new RangeError('a DEK has 32 bytes');
  return new Uint8Array(hkdfSync(SUITES[suite].hash, dek, salt, fileKeysInfo(h8, identity), FILE_OKM_LENGTH));
}

const SEGMENT_KEYS = [0, 64] as const;
const COMMITMENT = [64, 96] as const;
const MANIFEST_KEY = [96, 128] as const;

/** A header with the given salt. Only tests choose the salt; the door of this package always draws one. */
export function fileKeysWithSalt(suite: Suite, dek: Uint8Array, identity: FileIdentity, salt: Uint8Array): FileKeys {
  const okm = expand(suite, dek, salt, headerPrefix(suite), identity);
  try {
    const header = encodeHeader(suite, salt, okm.subarray(...COMMITMENT));
    return new FileKeys(suite, header, okm.subarray(...SEGMENT_KEYS), okm.subarray(...MANIFEST_KEY));
  } finally {
    okm.fill(0);
  }
}

/** Keys and header for a new file: a fresh salt, and a commitment to this DEK, file and room. */
export function newFileKeys(suite: Suite, dek: Uint8Array, identity: FileIdentity): FileKeys {
  return fileKeysWithSalt(suite, dek, identity, randomBytes(SALT_LENGTH));
}

/** Keys of an existing object. A wrong key, room, file or header fails here (FILE_INTEGRITY), before any data is touched. */
export function deriveFileKeys(dek: Uint8Array, header: Uint8Array, fileId: string, roomId: string): FileKeys {
  if (header.length !== HEADER_LENGTH) throw fileIntegrity('header length');
  const { suite, h8, salt, commitment } = parseHeader(header);
  const okm = expand(suite, dek, salt, h8, { fileId, roomId });
  try {
    if (!timingSafeEqual(okm.subarray(...COMMITMENT), commitment)) throw fileIntegrity('commitment');
    return new FileKeys(suite, concat(header), okm.subarray(...SEGMENT_KEYS), okm.subarray(...MANIFEST_KEY));
  } finally {
    okm.fill(0);
  }
}
