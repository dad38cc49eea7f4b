import { timingSafeEqual } from 'node:crypto';
import { OperatorError } from '@conclave/platform';
import { KeyUnwrapRefused } from './aes-kw.js';
import { KEK_CHECK_LENGTH } from './kek-check-value.js';
import type { KekRing } from './kek-ring.js';
import type { RootKeyRow } from './rotation.js';
import { RoomKey } from './secret-key.js';

/** SQL of the check values, for a migration of schema `keys`. */
export const createKekCheckSql = (): string[] => [
  `create table kek_check (
    version text primary key,
    value bytea not null check (octet_length(value) = ${KEK_CHECK_LENGTH}),
    created_at timestamptz not null default now()
  )`,
];

/** Where check values and wrapped keys lie. */
export interface KekCheckRows {
  /** The check value of every version that was ever used. */
  all(): Promise<readonly { readonly version: string; readonly value: Uint8Array }[]>;
  /** Versions that some wrapped key needs, each with one such key. */
  inUse(): Promise<readonly RootKeyRow[]>;
  /** Notes a check value; nothing happens where that version has one. */
  add(version: string, value: Uint8Array): Promise<void>;
}

/**
 * Holds the KEKs against their check values alone: cheap enough for every readiness probe. Answers the versions that have one.
 *
 * @throws OperatorError
 */
export async function requireKnownKeks(ring: KekRing, rows: Pick<KekCheckRows, 'all'>): Promise<ReadonlySet<string>> {
  const known = new Map((await rows.all()).map(({ version, value }) => [version, value]));
  for (const { version, value } of ring.checkValues()) {
    const before = known.get(version);
    if (before && !sameValue(before, value)) throw another(version);
  }
  return new Set(known.keys());
}

/**
 * Holds the KEKs of KEK_DIR against the data: another key under a known version, and a version that is gone while keys
 * need it, are refused before anything is sealed under the wrong key. A version without a check value is proven on a key
 * that it wrapped, if there is one. Writes nothing.
 *
 * @throws OperatorError
 */
export async function requireSameKeks(ring: KekRing, rows: KekCheckRows): Promise<void> {
  const known = await requireKnownKeks(ring, rows);
  for (const { place, key } of await rows.inUse()) {
    if (!ring.versions.includes(key.version)) {
      throw new OperatorError(
        `KEK ${key.version} is not in KEK_DIR, but keys in the database are wrapped under it: put its file back from your ` +
          'copy, or restore it from the backup of keys. Nothing was changed.',
      );
    }
    if (known.has(key.version)) continue;
    try {
      (await ring.unwrap(key, place, RoomKey)).destroy();
    } catch (error) {
      throw error instanceof KeyUnwrapRefused ? another(key.version) : error;
    }
  }
}

/** As `requireSameKeks`, and notes the check value of each version that has none yet. At boot. */
export async function recordKeks(ring: KekRing, rows: KekCheckRows): Promise<void> {
  await requireSameKeks(ring, rows);
  for (const { version, value } of ring.checkValues()) await rows.add(version, value);
  // Another replica may have come first with another key under the same version.
  await requireSameKeks(ring, rows);
}

const another = (version: string): OperatorError =>
  new OperatorError(
    `KEK ${version} in KEK_DIR is not the key that the data was sealed with: put the right file back from your copy, or ` +
      'restore it from the backup of keys; a new key belongs under a new version. Nothing was changed.',
  );

const sameValue = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && timingSafeEqual(left, right);
