import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import type { Room } from '../room/room.js';
import { canonicalAccessCode, looksLikeAccessCode } from './access-code.js';
import { CodeAttempts, type Charged } from './code-attempts.js';
import { CodeHasher } from './code-hasher.js';

/** Checks a typed code against a room's; every look costs an attempt. */
@Injectable()
export class CheckAccessCode {
  constructor(
    private readonly attempts: CodeAttempts,
    private readonly hasher: CodeHasher,
  ) {}

  /** The version of the code that was proven; otherwise ACCESS_CODE_WRONG with what is left, or RATE_LIMITED. */
  async execute(room: Pick<Room, 'id' | 'codeHash' | 'codeVersion'>, userId: string, typed: string): Promise<number> {
    if (!room.codeHash) throw new DomainError('ACCESS_CODE_WRONG');
    // Read before the hash runs: a code rotated meanwhile must not count as the new one.
    const { codeHash, codeVersion } = room;
    let charged: Charged | undefined;
    const charge = async (): Promise<void> => {
      charged = await this.attempts.charge(room.id, userId);
    };
    const right = looksLikeAccessCode(typed)
      ? await this.hasher.verify(codeHash, canonicalAccessCode(typed), charge)
      : await charge().then(() => false);
    if (right) {
      await this.attempts.forgive(room.id, userId);
      return codeVersion;
    }
    throw new DomainError('ACCESS_CODE_WRONG', {
      details: { attemptsLeft: String(charged?.attemptsLeft ?? 0) },
      ...(charged && charged.retryAfterSeconds > 0 && { retryAfterSeconds: charged.retryAfterSeconds }),
    });
  }
}
