import { auth, timestampFromDate, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { accountMessage } from '../people/account-message.js';
import { ResolvePersonalToken } from '../personal-tokens/resolve-personal-token.js';
import { CreateSession } from './create-session.js';
import { EndSession } from './end-session.js';
import { ListSessions } from './list-sessions.js';
import { ResolveSession } from './resolve-session.js';

const method = auth.SessionsService.method;

/** `conclave.auth.v1.SessionsService` */
@Controller()
export class SessionsController {
  constructor(
    private readonly create: CreateSession,
    private readonly resolve: ResolveSession,
    private readonly resolveToken: ResolvePersonalToken,
    private readonly list: ListSessions,
    private readonly end: EndSession,
  ) {}

  @Rpc(method.createSession)
  @Access('public')
  async createSession(
    request: auth.CreateSessionRequest,
  ): Promise<MessageInitShape<typeof method.createSession.output>> {
    const { person, sessionToken } = await this.create.execute(request);
    return { account: accountMessage(person), sessionToken };
  }

  @Rpc(method.resolveSession)
  @Access('service')
  resolveSession(request: auth.ResolveSessionRequest): Promise<MessageInitShape<typeof method.resolveSession.output>> {
    return this.resolve.execute(request.sessionToken);
  }

  @Rpc(method.resolvePersonalToken)
  @Access('service')
  resolvePersonalToken(
    request: auth.ResolvePersonalTokenRequest,
  ): Promise<MessageInitShape<typeof method.resolvePersonalToken.output>> {
    return this.resolveToken.execute(request.personalToken);
  }

  @Rpc(method.listSessions)
  @Access('signed-in')
  async listSessions(
    _request: auth.ListSessionsRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof method.listSessions.output>> {
    const { userId, sessionId } = requirePrincipal(context);
    const sessions = await this.list.execute(userId);
    return {
      sessions: sessions.map((session) => ({
        id: session.id,
        createdAt: timestampFromDate(session.createdAt),
        lastSeenAt: timestampFromDate(session.lastSeenAt),
        userAgent: session.userAgent,
        current: session.id === sessionId,
      })),
    };
  }

  @Rpc(method.endSession)
  @Access('signed-in')
  async endSession(
    request: auth.EndSessionRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof method.endSession.output>> {
    const { userId, sessionId: currentSessionId } = requirePrincipal(context);
    await this.end.execute({ userId, currentSessionId, sessionId: request.sessionId });
    return {};
  }
}
