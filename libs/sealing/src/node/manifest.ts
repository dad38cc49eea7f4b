import { createHmac, timingSafeEqual } from 'node:crypto';
import { objectLength } from '../geometry.js';
import { fileIntegrity } from '../integrity.js';
import { manifestInput } from '../labels.js';
import { TAG_LENGTH } from '../layout.js';
import { isSane, type Manifest, type ManifestFacts } from '../manifest.js';
import { SUITES } from '../suite.js';
import type { FileKeys } from './file-keys.js';

/** First 32 bytes of HMAC(MANIFEST_KEY, `manifestInput`). */
export function makeManifestTag(keys: FileKeys, facts: ManifestFacts): Buffer {
  return createHmac(SUITES[keys.suite].hash, keys.manifest)
    .update(manifestInput(keys.header, facts))
    .digest()
    .subarray(0, TAG_LENGTH);
}

/** Refuses (FILE_INTEGRITY) a manifest that is not the one made for this object. */
export function verifyManifest(keys: FileKeys, manifest: Manifest): void {
  const { plaintextLength, manifestTag: tag } = manifest;
  if (!isSane(manifest) || objectLength(plaintextLength) !== manifest.objectLength) throw fileIntegrity('manifest');
  if (tag.length !== TAG_LENGTH || !timingSafeEqual(makeManifestTag(keys, manifest), tag))
    throw fileIntegrity('manifest tag');
}
