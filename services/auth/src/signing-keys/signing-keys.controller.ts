import { auth } from '@conclave/contracts';
import { Access, Rpc, type Answer } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ListSigningKeys } from './list-signing-keys.js';

const { method } = auth.SigningKeysService;

/** `conclave.auth.v1.SigningKeysService` */
@Controller()
export class SigningKeysController {
  constructor(private readonly listSigningKeysUseCase: ListSigningKeys) {}

  @Rpc(method.listSigningKeys)
  @Access('service')
  listSigningKeys(): Answer<typeof method.listSigningKeys> {
    return this.listSigningKeysUseCase.execute();
  }
}
