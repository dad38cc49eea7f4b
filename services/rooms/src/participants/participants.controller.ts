import { rooms } from '@conclave/contracts';
import { Access, requireGrant, Rpc, type CallContext } from '@conclave/messaging';
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
  listParticipants(_request: rooms.ListParticipantsRequest, context: CallContext) {
    return this.listParticipantsUseCase.execute(requireGrant(context));
  }

  @Rpc(method.muteParticipant)
  @Access('participant.mute')
  muteParticipant(request: rooms.MuteParticipantRequest, context: CallContext) {
    return this.muteParticipantUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.removeParticipant)
  @Access('participant.remove')
  removeParticipant(request: rooms.RemoveParticipantRequest, context: CallContext) {
    return this.removeParticipantUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.endMeeting)
  @Access('meeting.end')
  endMeeting(_request: rooms.EndMeetingRequest, context: CallContext) {
    return this.endMeetingUseCase.execute(requireGrant(context));
  }
}
