import { rooms, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ListRoomEvents } from './list-room-events.js';

/** The room's log over the bus. `signed-in`: an admission is asked for, which is more than any role. */
@Controller()
export class RoomEventsController {
  constructor(private readonly listUseCase: ListRoomEvents) {}

  @Rpc(rooms.RoomEventsService.method.listRoomEvents)
  @Access('signed-in')
  listRoomEvents(
    request: rooms.ListRoomEventsRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.ListRoomEventsResponseSchema>> {
    const { slug, after, limit } = request;
    return this.listUseCase.execute(requirePrincipal(context), { slug, after, limit });
  }
}
