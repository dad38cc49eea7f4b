import { loadKekDirectory } from '@conclave/keys';
import { Module } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import { keyEncryptionToken, RoomVault } from './room-vault.js';

/** Sealing of a room's texts. */
@Module({
  providers: [
    {
      provide: keyEncryptionToken,
      useFactory: (config: Config) => loadKekDirectory({ directory: config.KEK_DIR, active: config.KEK_ACTIVE }),
      inject: [configToken],
    },
    RoomVault,
  ],
  exports: [RoomVault],
})
export class RoomKeysModule {}
