import type { PreflightCheck } from '@conclave/platform';
import { recordKeks, requireSameKeks } from './kek-check.js';
import { kekCheckRows, unboundCount, type KeysSql, type RootKeyTable } from './key-rows.js';
import { loadKekDirectory } from './kek-directory.js';
import type { KekRing } from './kek-ring.js';
import type { KekConfig } from './kek-version.js';

/** Opens the connection of the keys role for as long as the work takes. */
export type WithKeysSql = <T>(work: (sql: KeysSql) => Promise<T>) => Promise<T>;

/** The KEKs of the folder, which are proven to be those of the data before anything is sealed under them. */
export async function loadProvenKeks(config: KekConfig, sql: KeysSql, rootKeys: RootKeyTable): Promise<KekRing> {
  const ring = await loadKekDirectory(config);
  await recordKeks(ring, kekCheckRows(sql, rootKeys));
  return ring;
}

/** Whether the KEKs can be read and are those that the data was sealed with. Writes nothing. */
export const kekPreflight = (config: KekConfig, withSql: WithKeysSql, rootKeys: RootKeyTable): PreflightCheck => ({
  name: 'kek',
  run: async () => {
    const ring = await loadKekDirectory(config);
    const held = `${ring.versions.join(', ')} held, ${ring.activeVersion} seals`;
    return withSql(async (sql) => {
      const [there] = (await sql(`select to_regclass('kek_check') as t`)) as { t: string | null }[];
      if (!there?.t) return `${held}; nothing is sealed yet`;
      await requireSameKeks(ring, kekCheckRows(sql, rootKeys));
      const unbound = await unboundCount(sql, rootKeys);
      const left =
        unbound > 0 ? `; ${unbound} keys are not bound to their rows yet: run rewrap when no older release runs` : '';
      return `${held}, as the data needs it${left}`;
    });
  },
});
