import { auth, type MessageInitShape } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { ListSigningKeys } from './list-signing-keys.js';

const { listSigningKeys } = auth.SigningKeysService.method;

/** `conclave.auth.v1.SigningKeysService` */
@Controller()
export class SigningKeysController {
  constructor(private readonly list: ListSigningKeys) {}

  @Rpc(listSigningKeys)
  @Access('service')
  listSigningKeys(): MessageInitShape<typeof listSigningKeys.output> {
    return { keys: [...this.list.execute()] };
  }
}
