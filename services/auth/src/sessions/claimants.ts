import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { PasswordCredentials } from '../credentials/password-credentials.js';
import type { EmailAddress } from '../people/email-address.js';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';
import type { Device } from './device.js';
import { DEVICE_MEMORY_SECONDS } from './session-limits.js';
import { Sessions } from './sessions.js';

/** What is known of whoever wants to sign in, before the password is looked at. */
export interface Claimant {
  /** Null where no account has the address. */
  readonly person: Person | null;
  readonly hash: string | undefined;
  /** Whether this person was lately signed in from the same device. */
  readonly knownDevice: boolean;
}

/** Stands for the account that is not there, so that the same queries run for it. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Looks up who somebody claims to be. */
@Injectable()
export class Claimants {
  constructor(
    private readonly transaction: Transaction,
    private readonly people: People,
    private readonly credentials: PasswordCredentials,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /** Costs the same for addresses that have an account and those that have none. */
  byEmail(email: EmailAddress, device: Device): Promise<Claimant> {
    const since = this.clock.after(-DEVICE_MEMORY_SECONDS);
    return this.transaction.run(async (em) => {
      const person = await this.people.byEmailKey(em, email.key);
      const id = person?.id ?? nobody;
      const credential = await this.credentials.ofUser(em, id);
      const knownDevice = await this.sessions.knowsDevice(em, id, device, since);
      return { person, hash: credential?.hash, knownDevice };
    });
  }
}
