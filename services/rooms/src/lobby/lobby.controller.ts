import { rooms } from '@conclave/contracts';
import { Access, requireGrant, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { DecideWaiting } from './decide-waiting.js';
import { ListWaiting } from './list-waiting.js';
import { OwnRequest } from './own-request.js';
import { SetNewcomersWait } from './set-newcomers-wait.js';

const { method } = rooms.LobbyService;

/** The lobby over the bus. `signed-in`: whoever waits belongs nowhere yet, and touches only their own request. */
@Controller()
export class LobbyController {
  constructor(
    private readonly listWaitingUseCase: ListWaiting,
    private readonly decideWaitingUseCase: DecideWaiting,
    private readonly setNewcomersWaitUseCase: SetNewcomersWait,
    private readonly ownRequestUseCase: OwnRequest,
  ) {}

  @Rpc(method.listWaiting)
  @Access('lobby.admit')
  listWaiting(_request: rooms.ListWaitingRequest, context: CallContext) {
    return this.listWaitingUseCase.execute(requireGrant(context));
  }

  @Rpc(method.admitWaiting)
  @Access('lobby.admit')
  admitWaiting(request: rooms.AdmitWaitingRequest, context: CallContext) {
    return this.decideWaitingUseCase.execute(requireGrant(context), request, 'admitted');
  }

  @Rpc(method.denyWaiting)
  @Access('lobby.admit')
  denyWaiting(request: rooms.DenyWaitingRequest, context: CallContext) {
    return this.decideWaitingUseCase.execute(requireGrant(context), request, 'denied');
  }

  @Rpc(method.setNewcomersWait)
  @Access('lobby.admit')
  setNewcomersWait(request: rooms.SetNewcomersWaitRequest, context: CallContext) {
    return this.setNewcomersWaitUseCase.execute(requireGrant(context), request);
  }

  @Rpc(method.getOwnRequest)
  @Access('signed-in')
  getOwnRequest(request: rooms.GetOwnRequestRequest, context: CallContext) {
    return this.ownRequestUseCase.read(requirePrincipal(context), request);
  }

  @Rpc(method.cancelRequest)
  @Access('signed-in')
  cancelRequest(request: rooms.CancelRequestRequest, context: CallContext) {
    return this.ownRequestUseCase.cancel(requirePrincipal(context), request);
  }
}
