import { Module } from '@nestjs/common';
import { PresenceModule } from '../presence/presence.module.js';
import { MembersController } from './members.controller.js';
import { SetMemberRole } from './set-member-role.js';

/** People who belong to a room. */
@Module({ imports: [PresenceModule], controllers: [MembersController], providers: [SetMemberRole] })
export class MembersModule {}
