import { rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { NewAccessCode, type NewCode } from '../access-codes/new-access-code.js';
import { RoomsAudit } from '../audit/rooms-audit.js';
import { RoomVault } from '../room-keys/room-vault.js';
import { accessLevelFromWire, type AccessLevel } from '../room/access-level.js';
import { RoomMember } from '../room/room-member.js';
import { roomName } from '../room/room-name.js';
import { viewRoom } from '../room/room-view.js';
import { Room } from '../room/room.js';

type Created = Answer<typeof rooms.RoomsService.method.createRoom>;

/** Makes a room with a key and an access code of its own. */
@Injectable()
export class CreateRoom {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
    private readonly newCode: NewAccessCode,
    private readonly audit: RoomsAudit,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async execute(owner: Principal, request: rooms.CreateRoomRequest): Promise<Created> {
    // Both before the costly hash.
    roomName(request.name);
    accessLevelOf(request);
    const id = this.ids.uuidv7();
    // The key lies under another role and so in another transaction: first the key, so that no room is ever without one.
    await this.vault.open(id);
    try {
      const code = await this.newCode.make(id, request.accessCode);
      await this.transaction.run((em) => this.write(em, id, owner, request, code));
    } catch (error) {
      // Refused, so no room came of it. After anything else nobody knows whether the commit arrived, and the key stays.
      if (error instanceof DomainError) await this.vault.shred(id);
      throw error;
    }
    return this.read(id, owner);
  }

  private async write(
    em: EntityManager,
    id: string,
    owner: Principal,
    request: rooms.CreateRoomRequest,
    { stored }: NewCode,
  ): Promise<void> {
    const { name, settings } = request;
    const accessLevel = accessLevelOf(request);
    const askPersonalToken = settings?.askPersonalToken ?? false;
    const now = this.clock.now();
    const slug = this.ids.slug();
    em.persist(Room.open({ id, slug, name, ownerId: owner.userId, accessLevel, askPersonalToken, code: stored }, now));
    await em.flush();
    const { userId, displayName } = owner;
    em.persist(RoomMember.join({ roomId: id, userId, displayName, role: 'owner' }, now));
    await em.flush();
    await em.execute('insert into room_event_counter (room_id, last_seq) values (?, 0)', [id]);
    await this.audit.record(em, {
      action: 'room.created',
      userId,
      roomId: id,
      detail: { accessLevel, askPersonalToken },
    });
  }

  private async read(id: string, owner: Principal): Promise<Created> {
    const { room, view } = await this.transaction.run(async (em) => {
      const found = await em.findOne(Room, { id, ownerId: owner.userId, deletedAt: null }, { refresh: true });
      if (!found) throw new DomainError('NOT_FOUND');
      return { room: found, view: await viewRoom(em, found.id, owner.userId) };
    });
    const { codeHash, codeSealed } = room;
    if (!codeHash || !codeSealed) return { room: view, accessCode: '' };
    return { room: view, accessCode: await this.vault.openAccessCode(id, codeHash, codeSealed) };
  }
}

/** Unspecified means invited. */
const accessLevelOf = ({ accessLevel }: rooms.CreateRoomRequest): AccessLevel =>
  accessLevelFromWire(accessLevel) ?? 'invited';
