import { broadcasts, common, fromBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { SessionResolver } from '../session/session-resolver.js';
import { LiveConnections } from './live-connections.js';

/** Hears who lost a credential or a place in a room, and ends at once what stood on it. */
@Injectable()
export class Revocations {
  constructor(
    private readonly bus: Bus,
    private readonly sessions: SessionResolver,
    private readonly live: LiveConnections,
  ) {}

  /** Begins to hear; when it resolves, nothing that is revoked from now on is missed. */
  async listen(): Promise<void> {
    this.bus.subscribe(broadcasts.credentialRevoked, (data) => {
      const revoked = fromBinary(common.SessionRevokedSchema, data);
      // First forget, then cut: a browser that comes back at once must find the door closed.
      this.sessions.revoke(revoked);
      this.live.credentialRevoked(revoked);
    });
    this.bus.subscribe(broadcasts.accountChanged, (data) => {
      // Another name or a proven address counts with the next request; nothing that stands is cut.
      const { userId } = fromBinary(common.AccountChangedSchema, data);
      this.sessions.revoke({ userId, sessionIds: [] });
    });
    this.bus.subscribe(broadcasts.presenceRevoked, (data) => {
      this.live.presenceRevoked(fromBinary(common.PresenceRevokedSchema, data));
    });
    await this.bus.ping();
  }
}
