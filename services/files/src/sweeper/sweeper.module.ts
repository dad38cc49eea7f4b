import { Module, type DynamicModule } from '@nestjs/common';
import { ObjectStorageModule } from '../adapters/object-storage/object-storage.module.js';
import { FileModule } from '../file/file.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { CompareStore } from './compare-store.js';
import { ReadBack } from './read-back.js';
import { SweepTimes } from './sweep-times.js';
import { Sweeper } from './sweeper.js';

/** Ends what was begun and not ended; compares bucket and index. */
@Module({})
export class SweeperModule {
  /** `times` is for specs. */
  static forRoot(times: Partial<SweepTimes>): DynamicModule {
    return {
      module: SweeperModule,
      global: true,
      imports: [FileModule, KeysModule, ObjectStorageModule],
      providers: [{ provide: SweepTimes, useValue: new SweepTimes(times) }, CompareStore, ReadBack, Sweeper],
      exports: [Sweeper],
    };
  }
}
