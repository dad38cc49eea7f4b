import { broadcasts, common, create, fromBinary, stayEndToWire, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { Clock, Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AdmissionEnd } from '../admission/admission.js';
import { MediaServer } from '../media/media-server.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { PresenceCache } from './presence-cache.js';

/** Which admissions end: at least one condition, so that nobody ends all of them by mistake. */
export type AdmissionFilter =
  | { readonly joinId: string }
  | { readonly roomId: string; readonly userId?: string }
  | { readonly credentialId: string; readonly userId: string };

/** An admission that has just ended. */
export interface EndedAdmission {
  readonly joinId: string;
  readonly roomId: string;
  readonly mediaRoomId: string;
  /** Null for a service. */
  readonly userId: string | null;
  readonly reason: AdmissionEnd;
}

/** Ends admissions: first in the database, then everywhere else. */
@Injectable()
export class PresenceRevoker implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly bus: Bus,
    private readonly media: MediaServer,
    private readonly cache: PresenceCache,
    private readonly log: RoomEventLog,
    private readonly logger: Logger,
  ) {}

  /** Other replicas' revocations empty this one's cache. A forged one costs a question to the media server, nothing more. */
  onModuleInit(): void {
    this.bus.subscribe(broadcasts.presenceRevoked, (data) => {
      const { roomId, joinIds } = fromBinary(common.PresenceRevokedSchema, data);
      this.cache.evict(roomId, joinIds);
    });
  }

  /** Revokes in the caller's transaction; admissions that have ended already stay as they are. */
  async revoke(em: EntityManager, filter: AdmissionFilter, reason: AdmissionEnd): Promise<readonly EndedAdmission[]> {
    const now = this.clock.now();
    const [condition, values] = conditionOf(filter);
    await em.execute(
      `select 1 from room where id in (select room_id from admission where revoked_at is null and ${condition})
        order by id for update`,
      values,
    );
    const ended = await em.execute<EndedAdmission[]>(
      `update admission set revoked_at = ?, revoked_reason = ?, updated_at = ?
        where revoked_at is null and ${condition}
        returning join_id as "joinId", room_id as "roomId", coalesce(media_room_id, room_id) as "mediaRoomId",
                  user_id as "userId", revoked_reason as reason`,
      [now, reason, now, ...values],
    );
    for (const { joinId, roomId, userId } of ended) {
      const closed = await em.execute<unknown[]>(
        'update participation set left_at = ?, left_reason = ?, updated_at = ? where join_id = ? and left_at is null returning id',
        [now, reason, now, joinId],
      );
      if (closed.length === 0) continue;
      if (reason === 'removed')
        await this.log.append(em, roomId, { case: 'participantRemoved', value: { joinId, userId: userId ?? '' } });
      else
        await this.log.append(em, roomId, { case: 'participantLeft', value: { joinId, userId: userId ?? '', reason } });
    }
    return ended;
  }

  /**
   * After the commit: tells every replica, files and gateways, then disconnects. The media server may fail here; the
   * revoked admission keeps every door shut, and the reconciler disconnects whoever is still seen.
   */
  async disconnect(ended: readonly EndedAdmission[]): Promise<void> {
    for (const { roomId, reason, group } of groupsOf(ended)) {
      const joinIds = group.map(({ joinId }) => joinId);
      this.cache.evict(roomId, joinIds);
      const message = create(common.PresenceRevokedSchema, {
        roomId,
        joinIds,
        userIds: [...new Set(group.flatMap(({ userId }) => userId ?? []))],
        reason: stayEndToWire(reason),
      });
      this.bus.publish(broadcasts.presenceRevoked, toBinary(common.PresenceRevokedSchema, message));
      for (const { joinId, mediaRoomId } of group)
        await this.media
          .removeParticipant(mediaRoomId, joinId)
          .catch((error: unknown) => this.logger.warn('participant not disconnected yet', { joinId, roomId, error }));
    }
  }
}

interface EndedGroup {
  readonly roomId: string;
  readonly reason: AdmissionEnd;
  readonly group: readonly EndedAdmission[];
}

/** Those that ended in one room for one reason are told together. */
function groupsOf(ended: readonly EndedAdmission[]): readonly EndedGroup[] {
  const groups = new Map<string, EndedAdmission[]>();
  for (const admission of ended) {
    const key = `${admission.roomId} ${admission.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), admission]);
  }
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ roomId, reason }) => ({ roomId, reason, group })),
  );
}

function conditionOf(filter: AdmissionFilter): [string, string[]] {
  if ('joinId' in filter) return ['join_id = ?', [filter.joinId]];
  if ('credentialId' in filter) {
    const { credentialId, userId } = filter;
    // What the release before admitted names its session only.
    return ['(credential_id = ? or session_id = ?) and user_id = ?', [credentialId, credentialId, userId]];
  }
  if (filter.userId !== undefined) return ['room_id = ? and user_id = ?', [filter.roomId, filter.userId]];
  return ['room_id = ?', [filter.roomId]];
}
