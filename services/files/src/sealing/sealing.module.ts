import { Module } from '@nestjs/common';
import { ObjectStorageModule } from '../adapters/object-storage/object-storage.module.js';
import { OpenSealed } from './open-sealed.js';
import { Sealing } from './sealing.js';

/** The worker threads that seal and open, and what they open. */
@Module({ imports: [ObjectStorageModule], providers: [OpenSealed, Sealing], exports: [OpenSealed, Sealing] })
export class SealingModule {}
