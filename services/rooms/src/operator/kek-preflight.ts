import { loadKekDirectory, requireSameKeks } from '@conclave/keys';
import { withOrm } from '@conclave/persistence';
import type { PreflightCheck } from '@conclave/platform';
import type { Config } from '../config.js';
import { keysConnection } from '../connections.js';
import { kekRows } from './keks.js';

/** Whether the KEKs can be read and are those that the data was sealed with. */
export const kekCheck = (config: Config): PreflightCheck => ({
  name: 'kek',
  run: async () => {
    const ring = await loadKekDirectory({ directory: config.KEK_DIR, active: config.KEK_ACTIVE });
    const held = `${ring.versions.join(', ')} held, ${ring.activeVersion} seals`;
    return withOrm(keysConnection(config), async (orm) => {
      const [there] = await orm.em
        .getConnection()
        .execute<{ t: string | null }[]>(`select to_regclass('kek_check') as t`);
      if (!there?.t) return `${held}; nothing is sealed yet`;
      await requireSameKeks(ring, kekRows(orm));
      return `${held}, as the data needs it`;
    });
  },
});
