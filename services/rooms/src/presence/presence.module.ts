import { Module } from '@nestjs/common';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { KeepPresence } from './keep-presence.js';
import { PresenceCache } from './presence-cache.js';
import { PresenceController } from './presence.controller.js';
import { MediaRemovals } from './media-removals.js';
import { PresenceRevoker } from './presence-revoker.js';
import { ProvePresence } from './prove-presence.js';
import { RevocationHint } from './revocation-hint.js';
import { RoleChange } from './role-change.js';

/** Who is present, and the end of it. */
@Module({
  imports: [LiveKitModule, RoomLogModule],
  controllers: [PresenceController],
  providers: [KeepPresence, MediaRemovals, PresenceCache, PresenceRevoker, ProvePresence, RevocationHint, RoleChange],
  exports: [MediaRemovals, PresenceCache, PresenceRevoker, ProvePresence, RoleChange],
})
export class PresenceModule {}
