import { KeyUnwrapRefused } from './aes-kw.js';
import { unwrapFor, wrapFor, type BoundKey } from './bound-key.js';
import type { KeyEncryption, RootPlace, WrappedKey } from './key-encryption.js';
import { Binding } from './key-place.js';
import type { FilePlace } from './ladder.js';
import { Dek, RoomKey } from './secret-key.js';

/** A wrapped room or message key and its row. */
export interface RootKeyRow {
  readonly place: RootPlace;
  readonly key: WrappedKey;
}

/** A file's wrapped key, its row, and its room's key. */
export interface FileKeyRow {
  readonly place: FilePlace;
  readonly key: BoundKey;
  readonly roomKey: WrappedKey;
}

/** Rows of wrapped keys, which the caller keeps. */
export interface Rewrappable<Row extends { readonly key: BoundKey }> {
  /** Rows that a rotation has something to do for. Rows that change meanwhile may be left out or come twice. */
  outdated(activeVersion: string): AsyncIterable<Row>;
  /** Writes `to` only if the row still holds what it held; false when somebody else was faster. */
  replace(row: Row, to: Row['key']): Promise<boolean>;
}

/** Rows of wrapped root keys. */
export type WrappedKeyRows = Rewrappable<RootKeyRow>;

/** What a rotation did. */
export interface RotationCount {
  readonly rewrapped: number;
  /** Rows that changed under it; the next run finds what is left. */
  readonly skipped: number;
  /** Rows whose key does not open where it lies, by the id of its row: they stay as they are. */
  readonly refused: readonly string[];
}

/**
 * Brings all root keys under the active KEK, bound to their rows, one row at a time while they are in use: old and new are
 * readable throughout. A KEK may be taken away when no row names it any more. Stopping halfway loses nothing.
 */
export const rotateRootKeys = (
  encryption: KeyEncryption,
  rows: WrappedKeyRows,
  signal?: AbortSignal,
): Promise<RotationCount> =>
  rewrapAll(rows, encryption.activeVersion, (row) => encryption.rotate(row.key, row.place), signal);

/** Binds file keys to their rows that releases before have wrapped, under the same room keys and in the same way. */
export const bindFileKeys = (
  encryption: KeyEncryption,
  rows: Rewrappable<FileKeyRow>,
  signal?: AbortSignal,
): Promise<RotationCount> => rewrapAll(rows, encryption.activeVersion, (row) => bindFileKey(encryption, row), signal);

async function bindFileKey(encryption: KeyEncryption, { place, key, roomKey }: FileKeyRow): Promise<BoundKey> {
  const parent = await encryption.unwrap(roomKey, { purpose: 'room_key', roomId: place.roomId }, RoomKey);
  try {
    const dek = unwrapFor(place, parent, key, Dek);
    try {
      return wrapFor(place, parent, dek, Binding.place);
    } finally {
      dek.destroy();
    }
  } finally {
    parent.destroy();
  }
}

async function rewrapAll<Row extends RootKeyRow | FileKeyRow>(
  rows: Rewrappable<Row>,
  activeVersion: string,
  rewrap: (row: Row) => Promise<Row['key']>,
  signal?: AbortSignal,
): Promise<RotationCount> {
  let rewrapped = 0;
  let skipped = 0;
  const refused: string[] = [];
  for await (const row of rows.outdated(activeVersion)) {
    signal?.throwIfAborted();
    const fresh = await rewrap(row).catch((error: unknown) => {
      if (error instanceof KeyUnwrapRefused) return undefined;
      throw error;
    });
    if (!fresh) refused.push(row.place.purpose === 'file_key' ? row.place.fileId : row.place.roomId);
    else if (await rows.replace(row, fresh)) rewrapped += 1;
    else skipped += 1;
  }
  return { rewrapped, skipped, refused };
}
