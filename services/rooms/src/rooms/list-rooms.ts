import { isId, type rooms } from '@conclave/contracts';
import { invalidArgument } from '@conclave/errors';
import type { Answer, Principal } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { viewRooms, type RoomCursor } from '../room/room-view.js';

/** Rooms the caller owns or belongs to, last used first. */
@Injectable()
export class ListRooms {
  constructor(private readonly transaction: Transaction) {}

  async execute(
    caller: Principal,
    page: rooms.ListRoomsRequest,
  ): Promise<Answer<typeof rooms.RoomsService.method.listRooms>> {
    const after = decode(page.after);
    const { items, next } = await this.transaction.run((em) => viewRooms(em, caller.userId, page.limit, after));
    return { rooms: items, next: next ? encode(next) : '' };
  }
}

const encode = ({ activity, id }: RoomCursor): string => Buffer.from(`${activity}.${id}`).toString('base64url');

function decode(cursor: string): RoomCursor | null {
  if (cursor === '') return null;
  const [activity = '', id = ''] = Buffer.from(cursor, 'base64url').toString('latin1').split('.');
  if (!/^\d{1,15}$/.test(activity) || !isId(id)) throw invalidArgument('after');
  return { activity: Number(activity), id };
}
