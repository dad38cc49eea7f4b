import { auth } from '@conclave/contracts';
import { clientToken } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Clock } from '@conclave/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { gatewayConfig, type GatewayConfig } from './config.js';
import { DataPlane } from './content/files/data-plane.js';
import { FileDownload } from './content/files/file-download.js';
import { FileUpload } from './content/files/file-upload.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { AccessCodeRoutes } from './http/access-code/access-code-routes.js';
import { AccountRoutes } from './http/account/account-routes.js';
import { ClientAddress } from './http/client-address.js';
import { CspReportRoutes } from './http/csp-reports/csp-report-routes.js';
import { DocsRoutes } from './http/docs/docs-routes.js';
import { DoorRoutes } from './http/door/door-routes.js';
import { EntryRoutes } from './http/entry/entry-routes.js';
import { FileRoutes } from './http/files/file-routes.js';
import { Guard } from './http/guard.js';
import { InvitationRoutes } from './http/invitations/invitation-routes.js';
import { MeRoutes } from './http/me/me-routes.js';
import { MessageRoutes } from './http/messages/message-routes.js';
import { OriginPolicy } from './http/origin.js';
import { ParticipantRoutes } from './http/participants/participant-routes.js';
import { RateLimits } from './http/rate-limits.js';
import { RoomRoutes } from './http/rooms/room-routes.js';
import { SessionRoutes } from './http/session/session-routes.js';
import { TraceRoutes } from './http/traces/trace-routes.js';
import { LiveConnections } from './live/live-connections.js';
import { Revocations } from './live/revocations.js';
import { MediaDoor } from './media/rtc/media-door.js';
import { MediaValidate } from './media/rtc/media-validate.js';
import { EventsDoor, eventsTiming } from './realtime/events/events-door.js';
import type { EventsTiming } from './realtime/events/events-socket.js';
import { RoomFeeds } from './realtime/events/room-feeds.js';
import { LiveDoor, liveTiming } from './realtime/live/live-door.js';
import { LiveRooms } from './realtime/live/live-rooms.js';
import { PersonSockets } from './realtime/person-sockets.js';
import { UpgradeDoor } from './realtime/upgrade-door.js';
import { SessionResolver } from './session/session-resolver.js';
import { WebApp } from './web/web-app.js';

/** Every feature that has routes; the documentation and the tests read the same list. */
export const routeSources = [
  AccountRoutes,
  SessionRoutes,
  MeRoutes,
  RoomRoutes,
  DoorRoutes,
  AccessCodeRoutes,
  InvitationRoutes,
  EntryRoutes,
  ParticipantRoutes,
  MessageRoutes,
  FileRoutes,
  CspReportRoutes,
  TraceRoutes,
  DocsRoutes,
] as const;

const timing: EventsTiming = { heartbeatMs: 20_000, sweepMs: 30_000 };

/** Everything of the gateway; the platform and the bus come from `boot`. */
@Module({})
export class AppModule {
  static forRoot(config: GatewayConfig, webApp: WebApp): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: gatewayConfig, useValue: config },
        { provide: eventsTiming, useValue: timing },
        { provide: liveTiming, useValue: timing },
        { provide: OriginPolicy, useFactory: () => new OriginPolicy(config.PUBLIC_URL) },
        { provide: ClientAddress, useFactory: () => new ClientAddress(config.TRUSTED_PROXIES) },
        {
          provide: RateLimits,
          useFactory: (clock: Clock) => new RateLimits(clock, config.RATE_LIMIT_SCALE),
          inject: [Clock],
        },
        {
          provide: SessionResolver,
          useFactory: (sessions: ServiceClient<typeof auth.SessionsService>, clock: Clock) =>
            new SessionResolver(sessions, clock),
          inject: [clientToken(auth.SessionsService), Clock],
        },
        {
          provide: Guard,
          useFactory: (
            sessions: SessionResolver,
            origins: OriginPolicy,
            limits: RateLimits,
            addresses: ClientAddress,
          ) => new Guard(sessions, origins, limits, addresses),
          inject: [SessionResolver, OriginPolicy, RateLimits, ClientAddress],
        },
        {
          provide: DataPlane,
          useFactory: (metrics: GatewayMetrics) =>
            new DataPlane(config.FILES_URL, () => metrics.upstreamEnded('files', 'UNAVAILABLE')),
          inject: [GatewayMetrics],
        },
        LiveConnections,
        Revocations,
        GatewayMetrics,
        RoomFeeds,
        UpgradeDoor,
        PersonSockets,
        EventsDoor,
        LiveRooms,
        LiveDoor,
        MediaDoor,
        MediaValidate,
        FileUpload,
        FileDownload,
        { provide: WebApp, useValue: webApp },
        ...routeSources,
      ],
    };
  }
}
