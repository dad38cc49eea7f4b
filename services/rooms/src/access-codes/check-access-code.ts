import { DomainError } from '@conclave/errors';
import { Attempts, type CountedAttempt } from '@conclave/persistence';
import { Clock, networkOf, type Turn } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';
import type { Room } from '../room/room.js';
import { canonicalAccessCode, looksLikeAccessCode } from './access-code.js';
import { CodeAlarm } from './code-alarm.js';
import { callerKey, networkKey, type CodeCaller } from './code-attempts.js';
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
    private readonly alarm: CodeAlarm,
    private readonly clock: Clock,
    @Inject(configToken) private readonly config: Pick<Config, 'TOKEN_PEPPER'>,
  ) {}

  /** @throws DomainError RATE_LIMITED while the caller or their network waits, BUSY */
  async execute(
    room: Pick<Room, 'id' | 'codeHash' | 'codeVersion'>,
    caller: CodeCaller,
    typed: string,
  ): Promise<CheckedCode> {
    if (!room.codeHash) return { right: false, left: {} };
    // Read before the hash runs: a code rotated meanwhile must not count as the new one.
    const { codeHash, codeVersion } = room;
    let counted: readonly CountedAttempt[] = [];
    const count = async (): Promise<void> => {
      counted = await this.count(room.id, caller);
    };
    const right = looksLikeAccessCode(typed)
      ? await this.hasher.verify(codeHash, canonicalAccessCode(typed), turnOf(caller), count)
      : await count().then(() => false);
    if (right) {
      for (const attempt of counted) await attempt.succeeded();
      return { right: true, version: codeVersion };
    }
    await this.alarm.wrong(room.id);
    const { left, waitSeconds } = counted[0]?.standings[0] ?? { left: 0, waitSeconds: 0 };
    return {
      right: false,
      left: { details: { attemptsLeft: String(left) }, ...(waitSeconds > 0 && { retryAfterSeconds: waitSeconds }) },
    };
  }

  /**
   * The caller's own attempt first, then their network's. The first attempt of a person at a room is looked at whatever others of
   * their network did: a crowd locks nobody out who knows the code, and each of its accounts gets one guess for a sign-up.
   */
  private async count(roomId: string, caller: CodeCaller): Promise<readonly CountedAttempt[]> {
    const own = await this.attempts.count([callerKey(roomId, caller)]).catch(withNothingLeft);
    if (caller.known) return [own];
    const key = networkKey(roomId, caller, this.config.TOKEN_PEPPER, this.clock.now());
    try {
      return [own, await this.attempts.count([key])];
    } catch (error) {
      if (own.standings[0]?.attempts === 1 && isWait(error)) return [own];
      await own.giveBack();
      return withNothingLeft(error);
    }
  }
}

const turnOf = ({ userId, address, known }: CodeCaller): Turn => ({
  person: userId,
  network: networkOf(address),
  known,
});

/** Whoever waits is told that no attempt is left until then. */
function withNothingLeft(error: unknown): never {
  if (!isWait(error)) throw error;
  const { retryAfterSeconds } = error;
  throw new DomainError('RATE_LIMITED', {
    details: { attemptsLeft: '0' },
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

const isWait = (error: unknown): error is DomainError =>
  error instanceof DomainError && error.reason === 'RATE_LIMITED';
