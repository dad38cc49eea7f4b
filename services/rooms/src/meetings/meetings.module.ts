import { Module } from '@nestjs/common';
import { LiveKitModule } from '../adapters/livekit/livekit.module.js';
import { EntryModule } from '../entry/entry.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomLogModule } from '../room-log/room-log.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { EndMeeting } from './end-meeting.js';
import { HandleWebhook } from './handle-webhook.js';
import { MeetingLog } from '../meeting/meeting-log.js';
import { ReconcileRoom } from './reconcile-room.js';
import { Reconciler } from './reconciler.js';
import { WebhookServer } from './webhook-server.js';

/** Occurrences in rooms, and what keeps them true. */
@Module({
  imports: [EntryModule, LiveKitModule, PresenceModule, RoomLogModule, RoomsModule],
  providers: [EndMeeting, HandleWebhook, MeetingLog, ReconcileRoom, Reconciler, WebhookServer],
  exports: [EndMeeting],
})
export class MeetingsModule {}
