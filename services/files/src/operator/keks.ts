import { kekCheckRows, loadKekDirectory, recordKeks, type KekCheckRows, type KekRing } from '@conclave/keys';
import type { Orm } from '@conclave/persistence';
import type { FilesConfig } from '../config.js';

/** Where this service's root keys lie. */
export const rootKeys = { table: 'room_key' } as const;

/** Check values and root keys, on the connection of the keys role. */
export const kekRows = (keys: Orm): KekCheckRows =>
  kekCheckRows((sql, parameters = []) => keys.em.getConnection().execute(sql, [...parameters]), rootKeys);

/** The KEKs of the folder, which are proven to be those of the data before anything is sealed under them. */
export async function loadProvenKeks(config: Pick<FilesConfig, 'KEK_DIR' | 'KEK_ACTIVE'>, keys: Orm): Promise<KekRing> {
  const ring = await loadKekDirectory({ directory: config.KEK_DIR, active: config.KEK_ACTIVE });
  await recordKeks(ring, kekRows(keys));
  return ring;
}
