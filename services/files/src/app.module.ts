import { AuditModule } from '@conclave/audit';
import { PersistenceModule } from '@conclave/persistence';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { keysConnection, mainConnection } from './connections.js';
import { ContentModule } from './content/content.module.js';
import { CoreModule } from './core.module.js';
import { FileRecord } from './file/file-record.js';
import { FilesModule } from './files/files.module.js';
import { RoomsModule } from './rooms/rooms.module.js';
import type { SweepTimes } from './sweeper/sweep-times.js';
import { SweeperModule } from './sweeper/sweeper.module.js';
import { UploadsModule } from './uploads/uploads.module.js';

/** Files, wired. `times` is for specs. */
@Module({})
export class AppModule {
  static forRoot(config: Config, times: Partial<SweepTimes> = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(config),
        PersistenceModule.forRoot({
          ...mainConnection(config),
          entities: [FileRecord],
          announces: 'files',
          repeats: config.HOP_TOKEN_KEY,
        }),
        PersistenceModule.forRoot(keysConnection(config)),
        AuditModule.forRoot(),
        FilesModule,
        ContentModule,
        UploadsModule,
        RoomsModule,
        SweeperModule.forRoot(times),
      ],
    };
  }
}
