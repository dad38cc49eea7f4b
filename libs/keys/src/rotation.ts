import type { KeyEncryption, WrappedKey } from './key-encryption.js';

/** Rows of wrapped root keys, which the caller keeps. */
export interface WrappedKeyRows {
  /** Rows that are not under the active version. Rows that change meanwhile may be left out or come twice. */
  outdated(activeVersion: string): AsyncIterable<{ readonly id: string; readonly key: WrappedKey }>;
  /** Writes `to` only if the row still holds `from`; false when somebody else was faster. */
  replace(id: string, from: WrappedKey, to: WrappedKey): Promise<boolean>;
}

/** What a rotation did. */
export interface RotationCount {
  readonly rewrapped: number;
  /** Rows that changed under it; the next run finds what is left. */
  readonly skipped: number;
}

/**
 * Brings all root keys under the active KEK, one row at a time while they are in use: old and new versions are readable
 * throughout. A KEK may be taken away when no row names it any more. Stopping halfway loses nothing.
 */
export async function rotateRootKeys(
  encryption: KeyEncryption,
  rows: WrappedKeyRows,
  signal?: AbortSignal,
): Promise<RotationCount> {
  let rewrapped = 0;
  let skipped = 0;
  for await (const { id, key } of rows.outdated(encryption.activeVersion)) {
    signal?.throwIfAborted();
    const fresh = await encryption.rotate(key);
    if (await rows.replace(id, key, fresh)) rewrapped += 1;
    else skipped += 1;
  }
  return { rewrapped, skipped };
}
