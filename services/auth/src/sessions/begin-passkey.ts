import type { auth } from '@conclave/contracts';
import type { Answer } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import { PasskeyChallenges, passkeyTimeoutMs } from '../factor/passkey-challenges.js';
import { Passkeys } from '../factor/passkeys.js';

/** What a device is to sign, for whoever wants to prove who they are: it names nobody, for the device knows whose keys it holds. */
@Injectable()
export class BeginPasskey {
  constructor(
    private readonly transaction: Transaction,
    private readonly passkeys: Passkeys,
    private readonly challenges: PasskeyChallenges,
  ) {}

  async execute(): Promise<Answer<typeof auth.SessionsService.method.beginPasskey>> {
    const { token: passkeyToken, challenge } = await this.transaction.run((em) => this.challenges.begin(em, null));
    return { challenge, passkeyToken, host: this.passkeys.host, timeoutMs: passkeyTimeoutMs };
  }
}
