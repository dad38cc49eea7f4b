import { Module } from '@nestjs/common';
import { ObjectStorageModule } from '../adapters/object-storage/object-storage.module.js';
import { OpenSealed } from './open-sealed.js';
import { Sealing } from './sealing.js';
import { Streams } from './streams.js';

/** The worker threads that seal and open, and what they open. */
@Module({
  imports: [ObjectStorageModule],
  providers: [OpenSealed, Sealing, Streams],
  exports: [OpenSealed, Sealing, Streams],
})
export class SealingModule {}
