import { DomainError } from '@conclave/errors';
import { Attempts, type CountedAttempt } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';
import type { Room } from '../room/room.js';
import { canonicalAccessCode, looksLikeAccessCode } from './access-code.js';
import { codeAttemptKeys } from './code-attempts.js';
import { CodeHasher } from './code-hasher.js';

/** How a caller stands after a wrong code, as a refusal tells it. */
export interface Attempted {
  readonly details?: { readonly attemptsLeft: string };
  readonly retryAfterSeconds?: number;
}

/** What became of a typed code: the version of the room's code that it proves, or what is left. */
export type CheckedCode =
  { readonly right: true; readonly version: number } | { readonly right: false; readonly left: Attempted };

/** Checks a typed code against a room's; every look costs an attempt. */
@Injectable()
export class CheckAccessCode {
  constructor(
    private readonly attempts: Attempts,
    private readonly hasher: CodeHasher,
  ) {}

  /** @throws DomainError RATE_LIMITED while the caller or the room waits, BUSY */
  async execute(
    room: Pick<Room, 'id' | 'codeHash' | 'codeVersion'>,
    userId: string,
    typed: string,
  ): Promise<CheckedCode> {
    if (!room.codeHash) return { right: false, left: {} };
    // Read before the hash runs: a code rotated meanwhile must not count as the new one.
    const { codeHash, codeVersion } = room;
    let attempt: CountedAttempt | undefined;
    const count = async (): Promise<void> => {
      attempt = await this.attempts.count(codeAttemptKeys(room.id, userId)).catch(withNothingLeft);
    };
    const right = looksLikeAccessCode(typed)
      ? await this.hasher.verify(codeHash, canonicalAccessCode(typed), count)
      : await count().then(() => false);
    if (right) {
      await attempt?.succeeded();
      return { right: true, version: codeVersion };
    }
    const { left, waitSeconds } = attempt?.standings[0] ?? { left: 0, waitSeconds: 0 };
    return {
      right: false,
      left: { details: { attemptsLeft: String(left) }, ...(waitSeconds > 0 && { retryAfterSeconds: waitSeconds }) },
    };
  }
}

/** Whoever waits is told that no attempt is left until then. */
function withNothingLeft(error: unknown): never {
  if (!(error instanceof DomainError) || error.reason !== 'RATE_LIMITED') throw error;
  const { retryAfterSeconds } = error;
  throw new DomainError('RATE_LIMITED', {
    details: { attemptsLeft: '0' },
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
