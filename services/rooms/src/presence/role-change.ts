import type { RoomRole } from '@conclave/contracts';
import { rows } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { mediaRightsOf } from '../media/media-rights.js';
import { MediaServer } from '../media/media-server.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import type { RoomMember } from '../room/room-member.js';

/** A live admission whose role has just changed. */
export interface ChangedAdmission {
  readonly joinId: string;
  readonly roomId: string;
  readonly mediaRoomId: string;
  readonly role: RoomRole;
}

/** Carries a new role to where the old one still stands: admissions, the person's screens, the media server. */
@Injectable()
export class RoleChange {
  constructor(
    private readonly clock: Clock,
    private readonly media: MediaServer,
    private readonly log: RoomEventLog,
    private readonly logger: Logger,
  ) {}

  /** In the transaction of the change, under the room's lock: from its commit on every proof says the new role. */
  async apply(em: EntityManager, member: RoomMember): Promise<readonly ChangedAdmission[]> {
    const { roomId, userId, role } = member;
    const changed = await rows<ChangedAdmission>(
      em,
      `update admission set role = ?, updated_at = ? where room_id = ? and user_id = ? and revoked_at is null and role <> ?
        returning join_id as "joinId", room_id as "roomId", coalesce(media_room_id, room_id) as "mediaRoomId", role`,
      [role, this.clock.now(), roomId, userId, role],
    );
    for (const { joinId } of changed)
      await this.log.append(em, roomId, { case: 'participantPermissions', value: { joinId } }, userId);
    return changed;
  }

  /** After the commit. The media server may fail here; the reconciler gives it the rights that it should have. */
  async tell(changed: readonly ChangedAdmission[]): Promise<void> {
    for (const { joinId, roomId, mediaRoomId, role } of changed)
      await this.media
        .changeRights(mediaRoomId, joinId, mediaRightsOf(role))
        .catch((error: unknown) => this.logger.warn('rights not changed yet', { joinId, roomId, error }));
  }
}
