import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { forgetEnded, lockCredential, rememberEnded } from '../credentials/ended-credentials.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';

/** Credentials of one person that auth ended. */
export interface EndedCredentials {
  readonly userId: string;
  readonly credentialIds: readonly string[];
}

/** Ends every admission that was made under credentials that are over, and remembers these. */
@Injectable()
export class EndCredentials {
  constructor(
    private readonly transaction: Transaction,
    private readonly revoker: PresenceRevoker,
    private readonly clock: Clock,
  ) {}

  /** In the feed's transaction; a credential that is known to be over changes nothing. */
  async apply(em: EntityManager, { userId, credentialIds }: EndedCredentials): Promise<void> {
    // In one order everywhere, so that two feeds never wait for each other in a circle.
    for (const credentialId of [...credentialIds].sort()) {
      await lockCredential(em, credentialId);
      await rememberEnded(em, credentialId, this.clock.now());
      await this.revoker.revoke(em, { credentialId, userId }, 'session_ended');
    }
  }

  /** Forgets credentials whose last principal token has long expired. */
  async forget(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - 24 * 3_600_000);
    await this.transaction.run((em) => forgetEnded(em, before));
  }
}
