import { auth } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ResolvePersonalToken } from '../personal-tokens/resolve-personal-token.js';
import { BeginPasskey } from './begin-passkey.js';
import { CreateSession } from './create-session.js';
import { EndSession } from './end-session.js';
import { ListSessions } from './list-sessions.js';
import { ProveSession } from './prove-session.js';
import { ResolveSession } from './resolve-session.js';
import { SignInByPasskey } from './sign-in-by-passkey.js';
import { TakeSignInStep } from './take-sign-in-step.js';

const { method } = auth.SessionsService;

/** `conclave.auth.v1.SessionsService` */
@Controller()
export class SessionsController {
  constructor(
    private readonly createSessionUseCase: CreateSession,
    private readonly takeSignInStepUseCase: TakeSignInStep,
    private readonly beginPasskeyUseCase: BeginPasskey,
    private readonly signInByPasskeyUseCase: SignInByPasskey,
    private readonly proveSessionUseCase: ProveSession,
    private readonly resolveSessionUseCase: ResolveSession,
    private readonly resolvePersonalTokenUseCase: ResolvePersonalToken,
    private readonly listSessionsUseCase: ListSessions,
    private readonly endSessionUseCase: EndSession,
  ) {}

  @Rpc(method.createSession)
  @Access('public')
  createSession(request: auth.CreateSessionRequest) {
    return this.createSessionUseCase.execute(request);
  }

  @Rpc(method.takeSignInStep)
  @Access('public')
  takeSignInStep(request: auth.TakeSignInStepRequest) {
    return this.takeSignInStepUseCase.execute(request);
  }

  @Rpc(method.beginPasskey)
  @Access('public')
  beginPasskey(_request: auth.BeginPasskeyRequest) {
    return this.beginPasskeyUseCase.execute();
  }

  @Rpc(method.signInByPasskey)
  @Access('public')
  signInByPasskey(request: auth.SignInByPasskeyRequest) {
    return this.signInByPasskeyUseCase.execute(request);
  }

  @Rpc(method.proveSession)
  @Access('signed-in')
  proveSession(request: auth.ProveSessionRequest, context: CallContext) {
    return this.proveSessionUseCase.execute(requirePrincipal(context), request);
  }

  @Rpc(method.resolveSession)
  @Access('service')
  resolveSession(request: auth.ResolveSessionRequest) {
    return this.resolveSessionUseCase.execute(request);
  }

  @Rpc(method.resolvePersonalToken)
  @Access('service')
  resolvePersonalToken(request: auth.ResolvePersonalTokenRequest) {
    return this.resolvePersonalTokenUseCase.execute(request);
  }

  @Rpc(method.listSessions)
  @Access('signed-in')
  listSessions(_request: auth.ListSessionsRequest, context: CallContext) {
    return this.listSessionsUseCase.execute(requirePrincipal(context));
  }

  @Rpc(method.endSession)
  @Access('signed-in')
  endSession(request: auth.EndSessionRequest, context: CallContext) {
    return this.endSessionUseCase.execute(requirePrincipal(context), request);
  }
}
