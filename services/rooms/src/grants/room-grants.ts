import { needsPresence, permissionsOf, type RoomRole } from '@conclave/contracts';
import { GrantSource, type GrantFacts, type GrantQuestion } from '@conclave/messaging';
import { rows, Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { ProvePresence } from '../presence/prove-presence.js';

interface Row {
  readonly roomId: string;
  readonly slug: string;
  readonly role: RoomRole;
}

/** What a person may do in a room: by belonging to it, or by being in the meeting where that is asked. */
@Injectable()
export class RoomGrants extends GrantSource {
  constructor(
    private readonly transaction: Transaction,
    private readonly provePresence: ProvePresence,
  ) {
    super();
  }

  protected find(question: GrantQuestion): Promise<GrantFacts | null> {
    return question.inside ? this.inside(question) : this.belonging(question);
  }

  /** What presence gives is left out: nobody has asked whether they are inside. */
  private async belonging({ person, room }: GrantQuestion): Promise<GrantFacts | null> {
    const byId = 'id' in room;
    const [row] = await this.transaction.run((em) =>
      rows<Row>(
        em,
        `select r.id as "roomId", r.slug, m.role from room r join room_member m on m.room_id = r.id
          where ${byId ? 'r.id' : 'r.slug'} = ? and r.deleted_at is null and m.user_id = ? and m.status = 'active'`,
        [byId ? room.id : room.slug, person.userId],
      ),
    );
    if (!row) return null;
    return { ...row, permissions: permissionsOf(row.role).filter((permission) => !needsPresence(permission)) };
  }

  private async inside({
    person: { userId, sessionId, credentialId },
    room,
  }: GrantQuestion): Promise<GrantFacts | null> {
    const { roomId, slug, joinId, role } = await this.provePresence.prove({ room, userId, sessionId, credentialId });
    return { roomId, slug, joinId, role, permissions: permissionsOf(role) };
  }
}
