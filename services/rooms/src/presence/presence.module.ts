import { Module } from '@nestjs/common';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { RoomEventsModule } from '../room-events/room-events.module.js';
import { KeepPresence } from './keep-presence.js';
import { PresenceCache } from './presence-cache.js';
import { PresenceController } from './presence.controller.js';
import { PresenceRevoker } from './presence-revoker.js';
import { ProvePresence } from './prove-presence.js';
import { RoleChange } from './role-change.js';

/** Who is present, and the end of it. */
@Module({
  imports: [LiveKitModule, RoomEventsModule],
  controllers: [PresenceController],
  providers: [KeepPresence, PresenceCache, PresenceRevoker, ProvePresence, RoleChange],
  exports: [PresenceCache, PresenceRevoker, ProvePresence, RoleChange],
})
export class PresenceModule {}
