import { Transaction } from '@conclave/persistence';
import type { EmailAddress } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { PasswordCredential } from '../credentials/password-credential.js';
import type { Device } from '../device/device.js';
import { Person } from '../people/person.js';
import { KnownDevices } from './known-devices.js';

/** What is known of whoever wants to sign in, before the password is looked at. */
export interface Claimant {
  /** Null where no account has the address. */
  readonly person: Person | null;
  readonly hash: string | undefined;
  /** Whether this person has lately signed in with the same browser. */
  readonly knownDevice: boolean;
}

/** Stands for the account that is not there, so that the same queries run for it. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Looks up who somebody claims to be. */
@Injectable()
export class Claimants {
  constructor(
    private readonly transaction: Transaction,
    private readonly devices: KnownDevices,
  ) {}

  /** Costs the same for addresses that have an account and those that have none. */
  byEmail(email: EmailAddress, device: Device): Promise<Claimant> {
    return this.transaction.run(async (em) => {
      const person = await em.findOne(Person, { emailKey: email.key }, { refresh: true });
      const userId = person?.id ?? nobody;
      const credential = await em.findOne(PasswordCredential, { userId }, { refresh: true });
      const knownDevice = await this.devices.knows(em, userId, device.token);
      return { person, hash: credential?.hash, knownDevice };
    });
  }
}
