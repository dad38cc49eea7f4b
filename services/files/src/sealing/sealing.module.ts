import { Module } from '@nestjs/common';
import { Sealing } from './sealing.js';

/** The worker threads that seal and open. */
@Module({ providers: [Sealing], exports: [Sealing] })
export class SealingModule {}
