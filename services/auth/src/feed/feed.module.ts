import { Module } from '@nestjs/common';
import { FeedController } from './feed.controller.js';
import { ListEvents } from './list-events.js';

/** The outbox of auth, as others read it. */
@Module({ controllers: [FeedController], providers: [ListEvents] })
export class FeedModule {}
