import { Module } from '@nestjs/common';
import { FeedController } from './feed.controller.js';
import { FeedFollower } from './feed-follower.js';

/** The outbox for others, and following theirs. */
@Module({ controllers: [FeedController], providers: [FeedFollower], exports: [FeedFollower] })
export class FeedModule {}
