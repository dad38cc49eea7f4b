import { Audit, type AuditDetail } from '@conclave/audit';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** What goes on record, in the words of the trail. */
export type RoomsAction =
  | 'room.created'
  | 'room.changed'
  | 'room.deleted'
  | 'access-code.rotated'
  | 'access-code.removed'
  | 'invitation.created'
  | 'invitation.revoked'
  | 'invitation.accepted'
  | 'entry.admitted'
  | 'entry.refused'
  | 'lobby.asked'
  | 'lobby.admitted'
  | 'lobby.denied'
  | 'lobby.closed'
  | 'lobby.opened'
  | 'member.role-changed'
  | 'participant.removed'
  | 'meeting.ended';

/** One such event: ids and our own words, never a name, an address, a text or a code. */
export interface RoomsEvent {
  readonly action: RoomsAction;
  /** Who did it. */
  readonly userId: string;
  readonly roomId: string;
  readonly detail?: AuditDetail;
}

/** The trail of who changed who may be where. */
@Injectable()
export class RoomsAudit {
  constructor(private readonly audit: Audit) {}

  /**
   * Writes the row in the transaction of the change: neither is there without the other. The chain has one writer at a time
   * until the commit, so this comes last: after every lock and everything slow.
   */
  async record(em: EntityManager, { action, userId, roomId, detail }: RoomsEvent): Promise<void> {
    await em.flush();
    await this.audit.append(em, {
      actor: `user:${userId}`,
      action,
      subject: `room:${roomId}`,
      ...(detail && { detail }),
    });
  }
}
