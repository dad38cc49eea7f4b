import { afterCommit } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AdmissionEnd } from '../admission/admission.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { MediaRemovals } from './media-removals.js';
import { RevocationHint, type EndedAdmission } from './revocation-hint.js';

/** Which admissions end: at least one condition, so that nobody ends all of them by mistake. */
export type AdmissionFilter =
  | { readonly joinId: string }
  | { readonly roomId: string; readonly userId?: string }
  | { readonly credentialId: string; readonly userId: string };

/** Ends admissions: in the database, and with its commit everywhere else. */
@Injectable()
export class PresenceRevoker {
  constructor(
    private readonly clock: Clock,
    private readonly hint: RevocationHint,
    private readonly removals: MediaRemovals,
    private readonly log: RoomEventLog,
  ) {}

  /**
   * Revokes in the caller's transaction; admissions that have ended already stay as they are. Every replica, files and gateways
   * are told right after the commit, and the media server until it confirms.
   */
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
    if (ended.length > 0) afterCommit(em, () => this.hint.tell(ended));
    await this.removals.add(em, ended);
    return ended;
  }
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
