import { auth } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { afterCommit, rows } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { MediaServer } from '../media/media-server.js';
import { RoomEventLog } from '../room-log/room-event-log.js';
import { lockRoomById } from '../room/room-repository.js';

interface LiveAdmission {
  readonly joinId: string;
  readonly mediaRoomId: string;
}

/** Carries a person's new name to where the old one stands: their rooms, what they are in now, the screens of who is inside. */
@Injectable()
export class RenameMember {
  constructor(
    @InjectClient(auth.PeopleService) private readonly people: ServiceClient<typeof auth.PeopleService>,
    private readonly media: MediaServer,
    private readonly log: RoomEventLog,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** In the feed's transaction. */
  async apply(em: EntityManager, userId: string): Promise<void> {
    const { people } = await this.people.getPeople({ ids: [userId] });
    const name = people[0]?.displayName;
    // Whoever is gone keeps the name under which others knew them.
    if (name === undefined) return;
    const belongs = await rows<{ roomId: string }>(
      em,
      `select room_id as "roomId" from room_member where user_id = ? and display_name <> ? order by room_id`,
      [userId, name],
    );
    for (const { roomId } of belongs) await this.inRoom(em, { roomId, userId, name });
  }

  private async inRoom(
    em: EntityManager,
    { roomId, userId, name }: { roomId: string; userId: string; name: string },
  ): Promise<void> {
    if (!(await lockRoomById(em, roomId))) return;
    const now = this.clock.now();
    await em.execute('update room_member set display_name = ?, updated_at = ? where room_id = ? and user_id = ?', [
      name,
      now,
      roomId,
      userId,
    ]);
    const live = await rows<LiveAdmission>(
      em,
      `update admission set display_name = ?, updated_at = ? where room_id = ? and user_id = ? and revoked_at is null
        returning join_id as "joinId", coalesce(media_room_id, room_id) as "mediaRoomId"`,
      [name, now, roomId, userId],
    );
    await this.log.append(em, roomId, { case: 'roomUpdated', value: {} });
    if (live.length > 0) afterCommit(em, () => void this.tell(live, name));
  }

  /** The media server may fail here: tiles show the old name until the person comes again, everything else the new one. */
  private async tell(live: readonly LiveAdmission[], name: string): Promise<void> {
    for (const { joinId, mediaRoomId } of live)
      await this.media
        .rename(mediaRoomId, joinId, name)
        .catch((error: unknown) => this.logger.warn('not renamed at the media server', { joinId, error }));
  }
}
