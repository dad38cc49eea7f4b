import { rooms } from '@conclave/contracts';
import { Access, requireGrant, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ListMessages } from './list-messages.js';
import { PostMessage } from './post-message.js';

const { method } = rooms.MessagesService;

/** Chat over the bus, for those who are in the meeting. */
@Controller()
export class MessagesController {
  constructor(
    private readonly listMessagesUseCase: ListMessages,
    private readonly postMessageUseCase: PostMessage,
  ) {}

  @Rpc(method.listMessages)
  @Access('chat.read')
  listMessages(request: rooms.ListMessagesRequest, context: CallContext) {
    return this.listMessagesUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.postMessage)
  @Access('chat.write')
  postMessage(request: rooms.PostMessageRequest, context: CallContext) {
    return this.postMessageUseCase.execute(requireGrant(context), request);
  }
}
