import type { auth } from '@conclave/contracts';
import type { Answer } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { SigningKeys } from './signing-keys.js';

/** Every key a verifier must know now. */
@Injectable()
export class ListSigningKeys {
  constructor(private readonly keys: SigningKeys) {}

  execute(): Answer<typeof auth.SigningKeysService.method.listSigningKeys> {
    return { keys: [...this.keys.list()] };
  }
}
