import type { AttemptKey } from '@conclave/persistence';
import { networkOf } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { Device } from '../device/device.js';
import { TokenDigest } from './token-digest.js';

const quarterOfAnHour = 15 * 60;

/** Waits double from a second; after an hour without an attempt everything is forgotten. */
const limit = (free: number, longestWaitSeconds: number) => ({
  free,
  firstWaitSeconds: 1,
  longestWaitSeconds,
  forgetAfterSeconds: 60 * 60,
});

/** Messages to one address: after the free ones a minute, then ever longer up to an hour; remembered for a day. */
const mailLimit = (free: number) => ({
  free,
  firstWaitSeconds: 60,
  longestWaitSeconds: 60 * 60,
  forgetAfterSeconds: 24 * 60 * 60,
});

/** By what attempts are counted. Accounts that do not exist are counted alike, so a wait tells nothing either. */
@Injectable()
export class GuessLimits {
  constructor(private readonly digest: TokenDigest) {}

  /**
   * A sign-in. From a device of the person's own (it holds the token of a recent sign-in) the strangers' attempts do not count, many
   * attempts are free and no wait is longer than 5 s: whoever attacks the account cannot lock its owner out. From
   * elsewhere both this network and the world as a whole may try only so often.
   */
  forSignIn(emailKey: string, device: Device, known: boolean): readonly AttemptKey[] {
    const network = networkOf(device.address);
    if (known) {
      const key = this.key('known-device', emailKey, device.token);
      return [{ key, limit: limit(30, 5), success: 'forgets' }];
    }
    return [
      { key: this.key('account-network', emailKey, network), limit: limit(5, quarterOfAnHour), success: 'forgets' },
      { key: this.key('account', emailKey), limit: limit(50, quarterOfAnHour), success: 'gives back' },
    ];
  }

  /** A code of a second factor, after the password: counted as guesses at that are, and apart from them. */
  forFactor(userId: string, device: Device, known: boolean): readonly AttemptKey[] {
    if (known)
      return [{ key: this.key('factor-device', userId, device.token), limit: limit(10, 30), success: 'forgets' }];
    const network = networkOf(device.address);
    return [
      { key: this.key('factor-network', userId, network), limit: limit(5, quarterOfAnHour), success: 'forgets' },
      { key: this.key('factor', userId), limit: limit(20, quarterOfAnHour), success: 'gives back' },
    ];
  }

  /** A sign-up: only those that hit a taken address remain counted, for they tell who has an account. */
  forSignUp(device: Device): readonly AttemptKey[] {
    const key = this.key('sign-up', networkOf(device.address));
    return [{ key, limit: limit(20, quarterOfAnHour), success: 'gives back' }];
  }

  /**
   * A message that anybody can have sent to an address. From a browser that the address's owner has signed in with, strangers do not
   * count. Those whose proof was brought back count no more, so that any number of people of one network may sign up.
   */
  forMail(emailKey: string, device: Device, known = false): readonly AttemptKey[] {
    if (known)
      return [
        { key: this.key('mail-known-device', emailKey, device.token), limit: mailLimit(10), success: 'gives back' },
      ];
    return [
      { key: this.key('mail', emailKey), limit: mailLimit(5), success: 'gives back' },
      {
        key: this.key('mail-network', networkOf(device.address)),
        limit: limit(40, quarterOfAnHour),
        success: 'gives back',
      },
    ];
  }

  /** A code from a message, over all sign-ups with one address: each of them has five tries, and anybody may begin one. */
  forMailedCode(emailKey: string): readonly AttemptKey[] {
    return [{ key: this.key('mailed-code', emailKey), limit: mailLimit(10), success: 'forgets' }];
  }

  /** A personal token typed at a door. */
  forDoor(userId: string): readonly AttemptKey[] {
    return [{ key: this.key('door', userId), limit: limit(10, 60), success: 'forgets' }];
  }

  /** A code of a second factor asked for again within a session: six digits bear longer waits than a password. */
  forFactorAgain(userId: string): readonly AttemptKey[] {
    return [{ key: this.key('factor-again', userId), limit: limit(5, quarterOfAnHour), success: 'forgets' }];
  }

  /** A password asked for again within a session. */
  forConfirmation(userId: string): readonly AttemptKey[] {
    return [{ key: this.key('confirmation', userId), limit: limit(5, 60), success: 'forgets' }];
  }

  /** A digest: who dumps the table learns neither whose account nor which network. */
  private key(...facts: readonly string[]): string {
    return this.digest.of(JSON.stringify(['throttle', ...facts])).toString('hex');
  }
}
