import { kekCheckRows, loadProvenKeks, requireKnownKeks, type KekRing } from '@conclave/keys';
import { ormToken, rawSql, type Orm } from '@conclave/persistence';
import { HealthRegistry } from '@conclave/platform';
import { Module } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { rootKeys } from '../connections.js';
import { keyEncryptionToken, RoomVault } from './room-vault.js';

/** Sealing of a room's texts. */
@Module({
  providers: [
    {
      provide: keyEncryptionToken,
      // A KEK that is not the one of the data stops the start: nothing is ever sealed under a wrong key.
      useFactory: async (config: Config, keys: Orm, health: HealthRegistry): Promise<KekRing> => {
        const ring = await loadProvenKeks(config, rawSql(keys), rootKeys);
        health.add('kek', () => requireKnownKeks(ring, kekCheckRows(rawSql(keys), rootKeys)));
        return ring;
      },
      inject: [configToken, ormToken('keys'), HealthRegistry],
    },
    RoomVault,
  ],
  exports: [RoomVault],
})
export class RoomKeysModule {}
