import { rooms, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { EndMeeting } from '../meetings/end-meeting.js';
import { ListParticipants } from './list-participants.js';
import { MuteParticipant } from './mute-participant.js';
import { RemoveParticipant } from './remove-participant.js';

const { method } = rooms.ParticipantsService;

/** People in the meeting over the bus. */
@Controller()
export class ParticipantsController {
  constructor(
    private readonly listParticipantsUseCase: ListParticipants,
    private readonly muteParticipantUseCase: MuteParticipant,
    private readonly removeParticipantUseCase: RemoveParticipant,
    private readonly endMeetingUseCase: EndMeeting,
  ) {}

  @Rpc(method.listParticipants)
  @Access('room.view')
  async listParticipants(
    request: rooms.ListParticipantsRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.ListParticipantsResponseSchema>> {
    return { participants: await this.listParticipantsUseCase.execute(requirePrincipal(context), request.slug) };
  }

  @Rpc(method.muteParticipant)
  @Access('meeting.moderate')
  async muteParticipant(
    request: rooms.MuteParticipantRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.MuteParticipantResponseSchema>> {
    await this.muteParticipantUseCase.execute(requirePrincipal(context), request.slug, request.joinId);
    return {};
  }

  @Rpc(method.removeParticipant)
  @Access('meeting.moderate')
  async removeParticipant(
    request: rooms.RemoveParticipantRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.RemoveParticipantResponseSchema>> {
    await this.removeParticipantUseCase.execute(requirePrincipal(context), request.slug, request.joinId);
    return {};
  }

  @Rpc(method.endMeeting)
  @Access('meeting.end')
  async endMeeting(
    request: rooms.EndMeetingRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.EndMeetingResponseSchema>> {
    await this.endMeetingUseCase.execute(requirePrincipal(context), request.slug);
    return {};
  }
}
