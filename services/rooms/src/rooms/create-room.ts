import type { rooms } from '@conclave/contracts';
import { type MessageInitShape } from '@conclave/contracts';
import type { Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock, Ids } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { NewAccessCode } from '../access-codes/new-access-code.js';
import { RoomVault } from '../room-keys/room-vault.js';
import type { AccessLevel } from './access-level.js';
import { RoomMember } from './room-member.js';
import { roomName } from './room-name.js';
import { viewRoom } from './room-view.js';
import { Room } from './room.js';

/** What the owner decides. */
export interface CreateRoomCommand {
  readonly name: string;
  readonly accessLevel: AccessLevel;
  /** Empty means generated. */
  readonly accessCode: string;
  readonly askPersonalToken: boolean;
}

/** Makes a room with a key and an access code of its own. */
@Injectable()
export class CreateRoom {
  constructor(
    @Inject(Transaction) private readonly transaction: Transaction,
    @Inject(RoomVault) private readonly vault: RoomVault,
    @Inject(NewAccessCode) private readonly newCode: NewAccessCode,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute(
    owner: Principal,
    command: CreateRoomCommand,
  ): Promise<{ room: MessageInitShape<typeof rooms.RoomSchema>; accessCode: string }> {
    const name = roomName(command.name); // before the costly hash
    const id = this.ids.uuidv7();
    // The key lies under another role and so in another transaction: first the key, so that no room is ever without one.
    await this.vault.open(id);
    const code = await this.newCode.make(id, command.accessCode);
    const now = this.clock.now();
    const room = Room.open(
      {
        id,
        slug: this.ids.slug(),
        name,
        ownerId: owner.userId,
        accessLevel: command.accessLevel,
        askPersonalToken: command.askPersonalToken,
        code: code.stored,
      },
      now,
    );
    const view = await this.transaction.run(async (em) => {
      em.persist(room);
      await em.flush();
      em.persist(
        RoomMember.join({ roomId: id, userId: owner.userId, displayName: owner.displayName, role: 'owner' }, now),
      );
      await em.flush();
      await em.execute('insert into room_event_counter (room_id, last_seq) values (?, 0)', [id]);
      return viewRoom(em, room.slug, owner.userId);
    });
    return { room: view, accessCode: code.code };
  }
}
