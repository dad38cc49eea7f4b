import { kekCheckRows, loadProvenKeks, requireKnownKeks, type KekRing } from '@conclave/keys';
import { ormToken, rawSql, type Orm } from '@conclave/persistence';
import { HealthRegistry } from '@conclave/platform';
import { Module } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { rootKeys } from '../connections.js';
import { FilesMetrics } from '../files-metrics.js';
import { keyEncryptionToken, Vault } from './vault.js';

/** Room keys and file keys, wrapped. */
@Module({
  providers: [
    {
      provide: keyEncryptionToken,
      // A KEK that cannot be loaded, or is not the one of the data, stops the start: the process is never up without its keys.
      useFactory: async (
        config: Config,
        keys: Orm,
        metrics: FilesMetrics,
        health: HealthRegistry,
      ): Promise<KekRing> => {
        const ring = await loadProvenKeks(config, rawSql(keys), rootKeys);
        for (const version of ring.versions) metrics.kekLoaded(version, version === ring.activeVersion);
        health.add('kek', () => requireKnownKeks(ring, kekCheckRows(rawSql(keys), rootKeys)));
        return ring;
      },
      inject: [configToken, ormToken('keys'), FilesMetrics, HealthRegistry],
    },
    Vault,
  ],
  exports: [Vault],
})
export class KeysModule {}
