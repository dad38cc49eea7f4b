import { Injectable } from '@nestjs/common';
import { networkOf, type Device } from '../sessions/device.js';
import type { Allowance } from './throttle.js';
import { TokenDigest } from './token-digest.js';

const quarterOfAnHour = 15 * 60;

/** By what attempts are counted. Accounts that do not exist are counted alike, so a throttle tells nothing either. */
@Injectable()
export class Allowances {
  constructor(private readonly digest: TokenDigest) {}

  /**
   * A sign-in. From a device of the person's own (one with a recent session) the strangers' attempts do not count, many
   * attempts are free and no wait is longer than 5 s: whoever attacks the account cannot lock its owner out. From
   * elsewhere both this network and the world as a whole may try only so often.
   */
  forSignIn(emailKey: string, device: Device, known: boolean): readonly Allowance[] {
    if (known) {
      const key = this.key('known-device', emailKey, networkOf(device.address), device.userAgent);
      return [{ key, limit: { free: 30, longestWait: 5 }, success: 'forgets' }];
    }
    return [
      {
        key: this.key('account-network', emailKey, networkOf(device.address)),
        limit: { free: 5, longestWait: quarterOfAnHour },
        success: 'forgets',
      },
      // A success gives back only itself, else each sign-in of the owner would hand an attacker a fresh allowance.
      { key: this.key('account', emailKey), limit: { free: 50, longestWait: quarterOfAnHour }, success: 'gives back' },
    ];
  }

  /** A sign-up: only those that hit a taken address remain counted, for they tell who has an account. */
  forSignUp(device: Device): readonly Allowance[] {
    const key = this.key('sign-up', networkOf(device.address));
    return [{ key, limit: { free: 20, longestWait: quarterOfAnHour }, success: 'gives back' }];
  }

  /** A password asked for again within a session. */
  forConfirmation(userId: string): readonly Allowance[] {
    return [{ key: this.key('confirmation', userId), limit: { free: 5, longestWait: 60 }, success: 'forgets' }];
  }

  private key(...facts: readonly string[]): Buffer {
    return this.digest.of(JSON.stringify(['throttle', ...facts]));
  }
}
