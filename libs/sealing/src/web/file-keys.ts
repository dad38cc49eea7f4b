import { concat, type Bytes } from '../bytes.js';
import { encodeHeader, headerPrefix, parseHeader } from '../header.js';
import { fileIntegrity } from '../integrity.js';
import { FILE_OKM_LENGTH, fileKeysInfo, type FileIdentity } from '../labels.js';
import { SALT_LENGTH } from '../layout.js';
import type { Suite } from '../suite.js';
import { equalBytes, hkdf, hmacKey, webAeadKeys, type WebAeadKeys, type WebKey } from './aead.js';

/** The keys of one sealed file, held by WebCrypto and not extractable. */
export interface WebFileKeys {
  readonly suite: Suite;
  readonly header: Bytes;
  readonly segments: WebAeadKeys;
  readonly manifest: WebKey;
}

async function expand(suite: Suite, dek: Uint8Array, salt: Uint8Array, h8: Uint8Array, identity: FileIdentity) {
  const okm = await hkdf(suite, concat(dek), concat(salt), fileKeysInfo(h8, identity), FILE_OKM_LENGTH);
  const keys = {
    segments: await webAeadKeys(suite, okm.slice(0, 64)),
    commitment: okm.slice(64, 96),
    manifest: await hmacKey(suite, okm.slice(96, 128)),
  };
  okm.fill(0);
  return keys;
}

/** Keys and header for a new file. */
export async function newFileKeys(suite: Suite, dek: Uint8Array, identity: FileIdentity): Promise<WebFileKeys> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  const { segments, commitment, manifest } = await expand(suite, dek, salt, headerPrefix(suite), identity);
  return { suite, header: concat(encodeHeader(suite, salt, commitment)), segments, manifest };
}

/** Keys of an existing object; a wrong key, room, file or header is FILE_INTEGRITY. */
export async function deriveFileKeys(
  dek: Uint8Array,
  header: Uint8Array,
  fileId: string,
  roomId: string,
): Promise<WebFileKeys> {
  const { suite, h8, salt, commitment: expected } = parseHeader(header);
  const { segments, commitment, manifest } = await expand(suite, dek, salt, h8, { fileId, roomId });
  if (!equalBytes(commitment, expected)) throw fileIntegrity('commitment');
  return { suite, header: concat(header), segments, manifest };
}
