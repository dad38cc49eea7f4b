import { rooms, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller, Inject } from '@nestjs/common';
import { EndMeeting } from '../meetings/end-meeting.js';
import { ListParticipants } from './list-participants.js';
import { MuteParticipant } from './mute-participant.js';
import { RemoveParticipant } from './remove-participant.js';

const { method } = rooms.ParticipantsService;

/** People in the meeting over the bus. */
@Controller()
export class ParticipantsController {
  constructor(
    @Inject(ListParticipants) private readonly listUseCase: ListParticipants,
    @Inject(MuteParticipant) private readonly muteUseCase: MuteParticipant,
    @Inject(RemoveParticipant) private readonly removeUseCase: RemoveParticipant,
    @Inject(EndMeeting) private readonly endUseCase: EndMeeting,
  ) {}

  @Rpc(method.listParticipants)
  @Access('room.view')
  async listParticipants(
    request: rooms.ListParticipantsRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.ListParticipantsResponseSchema>> {
    return { participants: await this.listUseCase.execute(requirePrincipal(context), request.slug) };
  }

  @Rpc(method.muteParticipant)
  @Access('meeting.moderate')
  async muteParticipant(
    request: rooms.MuteParticipantRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.MuteParticipantResponseSchema>> {
    await this.muteUseCase.execute(requirePrincipal(context), request.slug, request.joinId);
    return {};
  }

  @Rpc(method.removeParticipant)
  @Access('meeting.moderate')
  async removeParticipant(
    request: rooms.RemoveParticipantRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.RemoveParticipantResponseSchema>> {
    await this.removeUseCase.execute(requirePrincipal(context), request.slug, request.joinId);
    return {};
  }

  @Rpc(method.endMeeting)
  @Access('meeting.end')
  async endMeeting(
    request: rooms.EndMeetingRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.EndMeetingResponseSchema>> {
    await this.endUseCase.execute(requirePrincipal(context), request.slug);
    return {};
  }
}
