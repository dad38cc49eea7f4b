import { rooms, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { repeatableCall } from '../idempotency/repeatable-calls.js';
import { accessLevelFromWire } from '../room/access-level.js';
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
  createRoom(
    request: rooms.CreateRoomRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.CreateRoomResponseSchema>> {
    const unspecified = request.accessLevel === rooms.AccessLevel.UNSPECIFIED;
    const command = {
      name: request.name,
      accessLevel: unspecified ? ('invited' as const) : accessLevelFromWire(request.accessLevel),
      accessCode: request.accessCode,
      askPersonalToken: request.settings?.askPersonalToken ?? false,
    };
    const call = repeatableCall(method.createRoom, request, context);
    return this.createRoomUseCase.execute(requirePrincipal(context), command, call);
  }

  @Rpc(method.listRooms)
  @Access('signed-in')
  listRooms(
    request: rooms.ListRoomsRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.ListRoomsResponseSchema>> {
    return this.listRoomsUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.getRoom)
  @Access('room.view')
  async getRoom(
    request: rooms.GetRoomRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.GetRoomResponseSchema>> {
    return { room: await this.getRoomUseCase.execute(requirePrincipal(context), request.slug) };
  }

  @Rpc(method.updateRoom)
  @Access('room.update')
  async updateRoom(
    request: rooms.UpdateRoomRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.UpdateRoomResponseSchema>> {
    const { slug, name, accessLevel, settings } = request;
    const room = await this.updateRoomUseCase.execute(requirePrincipal(context), {
      slug,
      ...(name !== undefined && { name }),
      ...(accessLevel !== undefined && { accessLevel: accessLevelFromWire(accessLevel) }),
      ...(settings && { settings }),
    });
    return { room };
  }

  @Rpc(method.deleteRoom)
  @Access('room.delete')
  async deleteRoom(
    request: rooms.DeleteRoomRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.DeleteRoomResponseSchema>> {
    await this.deleteRoomUseCase.execute(requirePrincipal(context), request.slug);
    return {};
  }
}
