import { rooms, timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { repeatableCall } from '../idempotency/repeatable-calls.js';
import { ListMessages } from './list-messages.js';
import { PostMessage, type ReadableMessage } from './post-message.js';

const { method } = rooms.MessagesService;

/** Chat over the bus. `signed-in`: the use cases ask for presence, which is more than any role. */
@Controller()
export class MessagesController {
  constructor(
    private readonly listMessagesUseCase: ListMessages,
    private readonly postMessageUseCase: PostMessage,
  ) {}

  @Rpc(method.listMessages)
  @Access('signed-in')
  async listMessages(
    request: rooms.ListMessagesRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.ListMessagesResponseSchema>> {
    const { messages, next } = await this.listMessagesUseCase.execute(requirePrincipal(context), request);
    return { messages: messages.map(toWire), next };
  }

  @Rpc(method.postMessage)
  @Access('signed-in')
  async postMessage(
    request: rooms.PostMessageRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof rooms.PostMessageResponseSchema>> {
    const call = repeatableCall(method.postMessage, request, context);
    return { message: toWire(await this.postMessageUseCase.execute(requirePrincipal(context), request, call)) };
  }
}

const toWire = (message: ReadableMessage): MessageInitShape<typeof rooms.MessageSchema> => ({
  id: message.id,
  author: { id: message.authorId, displayName: message.authorName },
  text: message.text,
  sentAt: timestampFromDate(message.sentAt),
});
