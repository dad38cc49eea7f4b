import { concat, type Bytes } from '../bytes.js';
import { encodeHeader, headerPrefix, parseHeader } from '../header.js';
import { fileIntegrity } from '../integrity.js';
import { FILE_OKM_LENGTH, fileKeysInfo, type FileIdentity } from '../labels.js';
import { SALT_LENGTH } from '../layout.js';
import { keysGone } from '../refusals.js';
import type { Suite } from '../suite.js';
import { equalBytes, hkdf, hmacKey, webAeadKeys, type WebAeadKeys, type WebKey } from './aead.js';

interface Handles {
  readonly segments: WebAeadKeys;
  readonly manifest: WebKey;
}

/**
 * The keys of one sealed file, held by WebCrypto and not extractable. Their bytes are wiped here as soon as WebCrypto has them; what
 * it holds itself goes when nothing refers to it any more, and `destroy` lets go of it. Workers keep a file's keys for no longer
 * than a batch.
 */
export class WebFileKeys {
  readonly suite: Suite;
  readonly header: Bytes;
  #handles: Handles | undefined;

  constructor(suite: Suite, header: Bytes, handles: Handles) {
    this.suite = suite;
    this.header = header;
    this.#handles = handles;
  }

  /** False once they were destroyed. */
  get live(): boolean {
    return this.#handles !== undefined;
  }

  get segments(): WebAeadKeys {
    return this.#held().segments;
  }

  get manifest(): WebKey {
    return this.#held().manifest;
  }

  /** Nothing is sealed or opened under them from now on: what is under way is refused when it comes back. */
  destroy(): void {
    this.#handles = undefined;
  }

  toString(): string {
    return '[WebFileKeys]';
  }

  toJSON(): string {
    return '[WebFileKeys]';
  }

  #held(): Handles {
    if (this.#handles === undefined) throw keysGone();
    return this.#handles;
  }
}

async function expand(suite: Suite, dek: Uint8Array, salt: Uint8Array, h8: Uint8Array, identity: FileIdentity) {
  const okm = await hkdf(suite, dek, concat(salt), fileKeysInfo(h8, identity), FILE_OKM_LENGTH);
  try {
    const segments = await webAeadKeys(suite, okm.subarray(0, 64));
    const manifest = await hmacKey(suite, okm.subarray(96, 128));
    return { handles: { segments, manifest }, commitment: okm.slice(64, 96) };
  } finally {
    okm.fill(0);
  }
}

/** Keys and header for a new file. The DEK stays the caller's, to be wiped. */
export async function newFileKeys(suite: Suite, dek: Uint8Array, identity: FileIdentity): Promise<WebFileKeys> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  const { handles, commitment } = await expand(suite, dek, salt, headerPrefix(suite), identity);
  return new WebFileKeys(suite, concat(encodeHeader(suite, salt, commitment)), handles);
}

/** Keys of an existing object; a wrong key, room, file or header is FILE_INTEGRITY. */
export async function deriveFileKeys(
  dek: Uint8Array,
  header: Uint8Array,
  fileId: string,
  roomId: string,
): Promise<WebFileKeys> {
  const { suite, h8, salt, commitment: expected } = parseHeader(header);
  const { handles, commitment } = await expand(suite, dek, salt, h8, { fileId, roomId });
  if (!equalBytes(commitment, expected)) throw fileIntegrity('commitment');
  return new WebFileKeys(suite, concat(header), handles);
}
