/** Version 2 binds the tags of all segments, version 1 the bytes of the whole object. Objects are the same under both. */
export const MANIFEST_VERSIONS = [1, 2] as const;

/** Which of the two a file's row keeps. */
export type ManifestVersion = (typeof MANIFEST_VERSIONS)[number];

/** What the file's row knows of the object. */
export interface ManifestFacts {
  readonly version: ManifestVersion;
  readonly plaintextLength: number;
  readonly objectLength: number;
  /** Version 2: tagRoot, SHA-256(header || T0 || T1 || ...). Version 1: SHA-256 of the whole object. */
  readonly root: Uint8Array;
}

/** The facts and the tag that proves them: see `manifestInput`. */
export interface Manifest extends ManifestFacts {
  readonly manifestTag: Uint8Array;
}

/** Whether the facts can be anybody's at all: a version that exists, a length that is one, a root of 32 bytes. */
export function isSane({ version, plaintextLength, root }: ManifestFacts): boolean {
  const known = MANIFEST_VERSIONS.includes(version);
  return known && Number.isSafeInteger(plaintextLength) && plaintextLength >= 0 && root.length === 32;
}
