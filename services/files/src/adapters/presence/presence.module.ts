import { Module } from '@nestjs/common';
import { Presence } from '../../presence/presence.js';
import { RoomsPresence } from './rooms-presence.js';

/** The port to presence, by rooms. */
@Module({ providers: [{ provide: Presence, useClass: RoomsPresence }], exports: [Presence] })
export class PresenceModule {}
