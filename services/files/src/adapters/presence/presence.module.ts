import { GrantSource } from '@conclave/messaging';
import { Module } from '@nestjs/common';
import { PresenceGrants } from '../../presence/presence-grants.js';
import { Presence } from '../../presence/presence.js';
import { RoomsPresence } from './rooms-presence.js';

/** The port to presence, by rooms; with it come the rights. */
@Module({
  providers: [
    { provide: Presence, useClass: RoomsPresence },
    { provide: GrantSource, useClass: PresenceGrants },
  ],
  exports: [Presence],
})
export class PresenceModule {}
