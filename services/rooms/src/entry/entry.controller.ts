import { rooms } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { AuthorizeMedia } from './authorize-media.js';
import { ConfirmMedia } from './confirm-media.js';
import { GetDoor } from './get-door.js';
import { Leave } from './leave.js';
import { RequestEntry } from './request-entry.js';

const { method } = rooms.EntryService;

/** The door of a room over the bus. `signed-in`: who may enter is the admission decision's to say. */
@Controller()
export class EntryController {
  constructor(
    private readonly requestEntryUseCase: RequestEntry,
    private readonly leaveUseCase: Leave,
    private readonly authorizeMediaUseCase: AuthorizeMedia,
    private readonly confirmMediaUseCase: ConfirmMedia,
    private readonly getDoorUseCase: GetDoor,
  ) {}

  @Rpc(rooms.RoomsService.method.getDoor)
  @Access('signed-in')
  getDoor(request: rooms.GetDoorRequest, context: CallContext) {
    return this.getDoorUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.requestEntry)
  @Access('signed-in')
  requestEntry(request: rooms.RequestEntryRequest, context: CallContext) {
    return this.requestEntryUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.leave)
  @Access('signed-in')
  leave(request: rooms.LeaveRequest, context: CallContext) {
    return this.leaveUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.authorizeMedia)
  @Access('signed-in')
  authorizeMedia(request: rooms.AuthorizeMediaRequest, context: CallContext) {
    return this.authorizeMediaUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.confirmMedia)
  @Access('signed-in')
  confirmMedia(request: rooms.ConfirmMediaRequest, context: CallContext) {
    return this.confirmMediaUseCase.execute(requirePrincipal(context), request);
  }
}
