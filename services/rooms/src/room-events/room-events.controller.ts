import { rooms } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ListRoomEvents } from './list-room-events.js';

const { method } = rooms.RoomEventsService;

/** The room's log over the bus. `signed-in`: an admission is asked for, which is more than any role. */
@Controller()
export class RoomEventsController {
  constructor(private readonly listRoomEventsUseCase: ListRoomEvents) {}

  @Rpc(method.listRoomEvents)
  @Access('signed-in')
  listRoomEvents(request: rooms.ListRoomEventsRequest, context: CallContext) {
    return this.listRoomEventsUseCase.execute(requirePrincipal(context), request);
  }
}
