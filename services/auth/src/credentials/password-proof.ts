import { Injectable } from '@nestjs/common';
import type { Password } from './password.js';
import { PasswordHasher } from './password-hasher.js';
import type { Allowance } from './throttle.js';
import { ThrottledCheck } from './throttled-check.js';

/** Lets people prove themselves by password, as often as their allowances permit. */
@Injectable()
export class PasswordProof {
  constructor(
    private readonly check: ThrottledCheck,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Whether the password belongs to the hash; without a hash it never does, at the same cost. @throws DomainError RATE_LIMITED, BUSY */
  holds(password: Password, hash: string | undefined, allowances: readonly Allowance[]): Promise<boolean> {
    return this.check.run(allowances, () => this.hasher.verify(password, hash));
  }
}
