import type { Bytes } from '../bytes.js';
import { objectLength } from '../geometry.js';
import { fileIntegrity } from '../integrity.js';
import { manifestInput } from '../labels.js';
import { isSane, type Manifest, type ManifestFacts } from '../manifest.js';
import { equalBytes, shortHmac } from './aead.js';
import type { WebFileKeys } from './file-keys.js';

/** First 32 bytes of HMAC(MANIFEST_KEY, `manifestInput`). */
export function makeManifestTag(keys: WebFileKeys, facts: ManifestFacts): Promise<Bytes> {
  return shortHmac(keys.manifest, manifestInput(keys.header, facts));
}

/** Refuses (FILE_INTEGRITY) a manifest that is not the one made for this object. */
export async function verifyManifest(keys: WebFileKeys, manifest: Manifest): Promise<void> {
  const { plaintextLength, manifestTag } = manifest;
  if (!isSane(manifest) || objectLength(plaintextLength) !== manifest.objectLength) throw fileIntegrity('manifest');
  if (!equalBytes(await makeManifestTag(keys, manifest), manifestTag)) throw fileIntegrity('manifest tag');
}
