import { GrantSource } from '@conclave/messaging';
import { Module } from '@nestjs/common';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomGrants } from './room-grants.js';

/** What the bus server asks before every handler that declares a permission. */
@Module({ imports: [PresenceModule], providers: [{ provide: GrantSource, useClass: RoomGrants }] })
export class GrantsModule {}
