import { Injectable } from '@nestjs/common';
import { SigningKeys, type ListedKey } from './signing-keys.js';

/** Every key a verifier must know now. */
@Injectable()
export class ListSigningKeys {
  constructor(private readonly keys: SigningKeys) {}

  execute(): readonly ListedKey[] {
    return this.keys.list();
  }
}
