import { Ids } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { RoomVault } from '../room-keys/room-vault.js';
import { canonicalAccessCode, chosenAccessCode, generateAccessCode } from './access-code.js';
import { CodeHasher } from './code-hasher.js';

/** A code in its two stored forms, and once as the owner reads it. */
export interface NewCode {
  readonly code: string;
  readonly stored: { readonly hash: string; readonly sealed: Buffer };
}

/** Makes codes: hashed for checking, sealed for the owner to read again. */
@Injectable()
export class NewAccessCode {
  constructor(
    private readonly ids: Ids,
    private readonly hasher: CodeHasher,
    private readonly vault: RoomVault,
  ) {}

  /** A generated code, or the chosen one where it is strong enough. The room's key must exist. */
  async make(roomId: string, chosen = ''): Promise<NewCode> {
    const code = chosen === '' ? generateAccessCode(this.ids) : chosenAccessCode(chosen);
    const hash = await this.hasher.hash(canonicalAccessCode(code));
    return { code, stored: { hash, sealed: await this.vault.sealAccessCode(roomId, hash, code) } };
  }
}
