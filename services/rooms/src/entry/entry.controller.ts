import { rooms, roleToWire, type MessageInitShape } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { RoomsMetrics } from '../metrics.js';
import { AuthorizeMedia } from './authorize-media.js';
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
    private readonly getDoorUseCase: GetDoor,
    private readonly metrics: RoomsMetrics,
  ) {}

  @Rpc(rooms.RoomsService.method.getDoor)
  @Access('signed-in')
  async getDoor(
    request: rooms.GetDoorRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.GetDoorResponseSchema>> {
    return { door: await this.getDoorUseCase.execute(requirePrincipal(context), request.slug) };
  }

  @Rpc(method.requestEntry)
  @Access('signed-in')
  async requestEntry(
    request: rooms.RequestEntryRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.RequestEntryResponseSchema>> {
    try {
      const entry = await this.requestEntryUseCase.execute(requirePrincipal(context), request);
      this.metrics.joins.inc({ outcome: 'admitted' });
      return { joinId: entry.joinId, mediaToken: entry.mediaToken, role: roleToWire(entry.role) };
    } catch (error) {
      this.metrics.joins.inc({ outcome: error instanceof DomainError ? error.reason : 'INTERNAL' });
      throw error;
    }
  }

  @Rpc(method.leave)
  @Access('signed-in')
  async leave(
    request: rooms.LeaveRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.LeaveResponseSchema>> {
    await this.leaveUseCase.execute(requirePrincipal(context), request.slug, request.joinId);
    return {};
  }

  @Rpc(method.authorizeMedia)
  @Access('signed-in')
  authorizeMedia(
    request: rooms.AuthorizeMediaRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.AuthorizeMediaResponseSchema>> {
    return this.authorizeMediaUseCase.execute(requirePrincipal(context), request.mediaToken);
  }
}
