import { DomainError } from '@conclave/errors';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { RoomsAudit } from '../audit/rooms-audit.js';
import type { Invitation } from '../invitations/invitation.js';
import { findRoom } from '../room/room-repository.js';
import type { Admission } from '../admission/admission.js';

/** What the door says to a person; a broken database or a room that is not there is no refusal of anybody. */
const recorded: readonly string[] = [
  'UNAUTHENTICATED',
  'REMOVED_FROM_ROOM',
  'NOT_INVITED',
  'ACCESS_CODE_REQUIRED',
  'ACCESS_CODE_WRONG',
  'PERSONAL_TOKEN_REQUIRED',
  'PERSONAL_TOKEN_WRONG',
  'ROOM_FULL',
  'ENTRY_DENIED',
  'LOBBY_FULL',
  'RATE_LIMITED',
];

/** Puts on record who was admitted, and who was not and why. */
@Injectable()
export class EntryRecord {
  constructor(
    private readonly transaction: Transaction,
    private readonly audit: RoomsAudit,
    private readonly logger: Logger,
  ) {}

  /** In the admitting transaction, as its last step; with the invitation that was used up by it. */
  async admitted(
    em: EntityManager,
    userId: string,
    { roomId, joinId, role }: Admission,
    used: Invitation | null,
  ): Promise<void> {
    if (used)
      await this.audit.record(em, {
        action: 'invitation.accepted',
        userId,
        roomId,
        detail: { invitationId: used.id, by: 'address' },
      });
    await this.audit.record(em, { action: 'entry.admitted', userId, roomId, detail: { joinId, role } });
  }

  /** In a transaction of its own, for the refused one left nothing. Where that fails the person stays refused all the same. */
  async refused(person: Principal, slug: string, error: unknown): Promise<void> {
    if (!(error instanceof DomainError) || !recorded.includes(error.reason)) return;
    const { reason } = error;
    try {
      await this.transaction.run(async (em) => {
        const { id: roomId } = await findRoom(em, slug);
        await this.audit.record(em, { action: 'entry.refused', userId: person.userId, roomId, detail: { reason } });
      });
    } catch (cause) {
      this.logger.error('refusal not on record', { reason, error: cause });
    }
  }
}
