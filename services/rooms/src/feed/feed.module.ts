import { Module } from '@nestjs/common';
import { FeedController } from './feed.controller.js';

/** The outbox for others. */
@Module({ controllers: [FeedController] })
export class FeedModule {}
