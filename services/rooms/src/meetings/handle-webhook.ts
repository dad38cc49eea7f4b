import { isId } from '@conclave/contracts';
import { Transaction } from '@conclave/persistence';
import { Clock, Logger, Tracing } from '@conclave/platform';
import { DisconnectReason } from '@livekit/protocol';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { WebhookEvent } from 'livekit-server-sdk';
import { connectionEnds, RoomsMetrics, type ConnectionEnd } from '../metrics.js';
import { intruder } from '../presence/media-removal-rows.js';
import { MediaRemovals } from '../presence/media-removals.js';
import { PresenceCache } from '../presence/presence-cache.js';
import { lockRoomById } from '../room/room-repository.js';
import { roomIdOfMediaRoom } from '../media-room/media-room.js';
import { MeetingLog, type Connection, type Noted } from '../meeting/meeting-log.js';
import { ReconcileRoom } from './reconcile-room.js';

/** What became of a webhook. */
export type WebhookOutcome = 'noted' | 'known' | 'intruder' | 'ignored' | 'replayed';

/** A media room, and the room it belongs to. */
interface Place {
  readonly roomId: string;
  readonly mediaRoomId: string;
}

/** Turns signed webhooks into hints: what they say is noted, and where it matters the media server is asked. */
@Injectable()
export class HandleWebhook {
  constructor(
    private readonly transaction: Transaction,
    private readonly meetings: MeetingLog,
    private readonly reconcileRoom: ReconcileRoom,
    private readonly removals: MediaRemovals,
    private readonly cache: PresenceCache,
    private readonly metrics: RoomsMetrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async execute(event: WebhookEvent): Promise<WebhookOutcome> {
    const outcome = await this.handle(event);
    this.metrics.webhooks.inc({ event: knownEvent(event.event), outcome });
    const lag = this.clock.now().getTime() / 1000 - Number(event.createdAt);
    this.metrics.webhookLag.observe(Math.max(0, lag));
    return outcome;
  }

  private async handle(event: WebhookEvent): Promise<WebhookOutcome> {
    const mediaRoomId = event.room?.name ?? '';
    if (!isId(mediaRoomId) || event.id === '') return 'ignored';
    const roomId = await this.transaction.run((em) => roomIdOfMediaRoom(em, mediaRoomId));
    // A media room of nobody we know: whoever is in it has no business there, and the media server is told so below.
    const place = { roomId: roomId ?? mediaRoomId, mediaRoomId };
    switch (event.event) {
      case 'participant_joined':
      case 'participant_left':
        return this.participant(event, place);
      case 'room_finished':
        if (!(await this.transaction.run((em) => this.first(em, event.id)))) return 'replayed';
        if (!roomId) return 'ignored';
        // The name may already be a new media room; only the media server knows.
        await this.reconcileRoom
          .execute(roomId)
          .catch((error: unknown) => this.logger.warn('room not reconciled', { roomId, error }));
        return 'noted';
      default:
        return 'ignored';
    }
  }

  private async participant(event: WebhookEvent, { roomId, mediaRoomId }: Place): Promise<WebhookOutcome> {
    const { identity: joinId = '', sid = '', disconnectReason } = event.participant ?? {};
    if (joinId === '' || sid === '') return 'ignored';
    const connection: Connection = { roomId, joinId, sid };
    const joined = event.event === 'participant_joined';
    const outcome = await this.transaction.run(async (em): Promise<WebhookOutcome> => {
      await lockRoomById(em, roomId);
      if (!(await this.first(em, event.id))) return 'replayed';
      if (joined) return this.joined(em, connection, mediaRoomId);
      const { reason, clean } = leaving(disconnectReason);
      return this.meetings.left(em, connection, reason, clean);
    });
    if (!joined && outcome !== 'replayed') this.metrics.connectionEnded(endOf(disconnectReason));
    this.cache.evict(roomId, [joinId]);
    if (joined && outcome === 'noted') await this.afterJoin(connection);
    return outcome;
  }

  private async joined(em: EntityManager, connection: Connection, mediaRoomId: string): Promise<Noted> {
    const noted = await this.meetings.joined(em, connection);
    // Somebody came back with a token that the media server still honours.
    if (noted === 'intruder')
      await this.removals.add(em, [intruder(connection.roomId, { ...connection, mediaRoomId })]);
    return noted;
  }

  private async afterJoin({ roomId, joinId }: Connection): Promise<void> {
    const [join] = await this.transaction.run((em) =>
      em.execute<{ seconds: number; began: number; traceparent: string | null }[]>(
        `select extract(epoch from last_active_at - created_at)::float8 as seconds,
                extract(epoch from created_at)::float8 as began, traceparent
           from admission where join_id = ?`,
        [joinId],
      ),
    );
    if (!join) return;
    const seconds = Math.max(0, join.seconds);
    this.metrics.joinDuration.observe(seconds);
    if (join.traceparent)
      Tracing.past(
        {
          name: 'livekit join',
          kind: 'client',
          attributes: { 'livekit.event': 'rtc_connected', 'conclave.join': joinId, 'conclave.room': roomId },
        },
        join.traceparent,
        new Date(join.began * 1000),
        new Date((join.began + seconds) * 1000),
      );
  }

  /** Whether this event is new; in the transaction of its effect, so a replay has none. */
  private async first(em: Parameters<MeetingLog['end']>[0], eventId: string): Promise<boolean> {
    const inserted = await em.execute<unknown[]>(
      'insert into webhook_event (id, received_at) values (?, ?) on conflict do nothing returning id',
      [eventId, this.clock.now()],
    );
    return inserted.length > 0;
  }
}

const named = [
  'participant_joined',
  'participant_left',
  'room_started',
  'room_finished',
  'track_published',
  'track_unpublished',
];

/** A label with few values, whatever a future server sends. */
const knownEvent = (event: string): string => (named.includes(event) ? event : 'other');

/** How a connection ended, for the figures: only a server that went away is our doing. */
function endOf(reason: DisconnectReason | undefined): ConnectionEnd {
  if (reason === DisconnectReason.SERVER_SHUTDOWN) return 'server_shutdown';
  const word = leaving(reason).reason;
  return connectionEnds.find((known) => known === word) ?? 'connection_lost';
}

/** The word for a reason, and whether the person meant it; everybody else may be reconnecting. */
function leaving(reason: DisconnectReason | undefined): { reason: string; clean: boolean } {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return { reason: 'left', clean: true };
    case DisconnectReason.PARTICIPANT_REMOVED:
      return { reason: 'removed', clean: true };
    case DisconnectReason.ROOM_DELETED:
      return { reason: 'meeting_ended', clean: true };
    case DisconnectReason.DUPLICATE_IDENTITY:
      return { reason: 'reconnecting', clean: false };
    default:
      return { reason: 'connection_lost', clean: false };
  }
}
