/**
 * What a KEK's version is called: `v1` to `v999999`, as in the names of files in KEK_DIR. `v0` and leading zeros are refused: two
 * names would stand for one number.
 */
export const kekVersionPattern = /^v[1-9][0-9]{0,5}$/;

/** What the environment says about the KEKs. */
export interface KekConfig {
  /** A folder of files `v1`, `v2` …, each 32 bytes in base64. */
  readonly KEK_DIR: string;
  /** The version to wrap with. */
  readonly KEK_ACTIVE: string;
}
