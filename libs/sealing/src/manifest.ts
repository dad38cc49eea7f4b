/** What the file's row knows of the object. */
export interface ManifestFacts {
  readonly plaintextLength: number;
  readonly objectLength: number;
  /** SHA-256 of the whole object. */
  readonly sha256: Uint8Array;
}

/** The facts and the tag that proves them: first 32 bytes of HMAC(MANIFEST_KEY, header || lengths || sha256). */
export interface Manifest extends ManifestFacts {
  readonly manifestTag: Uint8Array;
}
