import type { rooms } from '@conclave/contracts';
import type { Answer, Grant } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { RoomVault } from '../room-keys/room-vault.js';
import { readRoom } from '../room/room-repository.js';

/** Reads the code again, for hosts: a co-host who puts somebody out must be able to tell the others the new one. Empty when it was removed. */
@Injectable()
export class GetAccessCode {
  constructor(
    private readonly transaction: Transaction,
    private readonly vault: RoomVault,
  ) {}

  async execute(grant: Grant): Promise<Answer<typeof rooms.AccessCodesService.method.getAccessCode>> {
    const { id, codeHash, codeSealed } = await this.transaction.run((em) => readRoom(em, grant));
    if (!codeHash || !codeSealed) return { accessCode: '' };
    return { accessCode: await this.vault.openAccessCode(id, codeHash, codeSealed) };
  }
}
