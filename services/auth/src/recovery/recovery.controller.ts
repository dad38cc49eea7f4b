import { auth } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { FinishRecovery } from './finish-recovery.js';
import { StartRecovery } from './start-recovery.js';

const { method } = auth.RecoveryService;

/** `conclave.auth.v1.RecoveryService` */
@Controller()
export class RecoveryController {
  constructor(
    private readonly startRecoveryUseCase: StartRecovery,
    private readonly finishRecoveryUseCase: FinishRecovery,
  ) {}

  @Rpc(method.startRecovery)
  @Access('public')
  startRecovery(request: auth.StartRecoveryRequest) {
    return this.startRecoveryUseCase.execute(request);
  }

  @Rpc(method.finishRecovery)
  @Access('public')
  finishRecovery(request: auth.FinishRecoveryRequest) {
    return this.finishRecoveryUseCase.execute(request);
  }
}
