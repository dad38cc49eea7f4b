import { rooms } from '@conclave/contracts';
import { Access, requireGrant, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { CreateRoom } from './create-room.js';
import { DeleteRoom } from './delete-room.js';
import { GetRoom } from './get-room.js';
import { ListRooms } from './list-rooms.js';
import { UpdateRoom } from './update-room.js';

const { method } = rooms.RoomsService;

/** Rooms over the bus; the door is with entry, where the decision is. */
@Controller()
export class RoomsController {
  constructor(
    private readonly createRoomUseCase: CreateRoom,
    private readonly listRoomsUseCase: ListRooms,
    private readonly getRoomUseCase: GetRoom,
    private readonly updateRoomUseCase: UpdateRoom,
    private readonly deleteRoomUseCase: DeleteRoom,
  ) {}

  @Rpc(method.createRoom)
  @Access('signed-in')
  createRoom(request: rooms.CreateRoomRequest, context: CallContext) {
    return this.createRoomUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.listRooms)
  @Access('signed-in')
  listRooms(request: rooms.ListRoomsRequest, context: CallContext) {
    return this.listRoomsUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.getRoom)
  @Access('room.view')
  getRoom(_request: rooms.GetRoomRequest, context: CallContext) {
    return this.getRoomUseCase.execute(requireGrant(context));
  }

  @Rpc(method.updateRoom)
  @Access('room.update')
  updateRoom(request: rooms.UpdateRoomRequest, context: CallContext) {
    return this.updateRoomUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.deleteRoom)
  @Access('room.delete')
  deleteRoom(_request: rooms.DeleteRoomRequest, context: CallContext) {
    return this.deleteRoomUseCase.execute(requireGrant(context));
  }
}
