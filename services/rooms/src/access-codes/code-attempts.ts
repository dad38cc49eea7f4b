import { DomainError } from '@conclave/errors';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { afterFailure, attemptsLeft, callerPolicy, roomPolicy, waitSeconds, type Attempts } from './attempt-policy.js';

// The row that counts for all callers of a room; no user id looks like it.
const everybody = '*';

/** What a caller has left. */
export interface Charged {
  readonly attemptsLeft: number;
  readonly retryAfterSeconds: number;
}

/** Attempts at room codes, in Postgres, so that replicas count together and a restart forgives nothing. */
@Injectable()
export class CodeAttempts {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Counts an attempt as failed before the code is looked at, so that a hundred at once are a hundred; RATE_LIMITED while waiting. */
  charge(roomId: string, userId: string): Promise<Charged> {
    return this.transaction.run(async (em) => {
      const now = this.clock.now();
      const room = await locked(em, roomId, everybody, now);
      const caller = await locked(em, roomId, userId, now);
      const wait = Math.max(waitSeconds(room, now), waitSeconds(caller, now));
      if (wait > 0) throw new DomainError('RATE_LIMITED', { retryAfterSeconds: wait, details: { attemptsLeft: '0' } });
      await save(em, roomId, everybody, afterFailure(roomPolicy, room, now));
      const charged = afterFailure(callerPolicy, caller, now);
      await save(em, roomId, userId, charged);
      return { attemptsLeft: attemptsLeft(callerPolicy, charged), retryAfterSeconds: waitSeconds(charged, now) };
    });
  }

  /** The attempt was right: the caller starts anew, and the room gets this one back. */
  async forgive(roomId: string, userId: string): Promise<void> {
    await this.transaction.run(async (em) => {
      await em.execute(
        `update access_code_attempt set failures = greatest(failures - 1, 0), blocked_until = null
          where room_id = ? and subject = ? and failures <= ?`,
        [roomId, everybody, roomPolicy.free],
      );
      await em.execute('delete from access_code_attempt where room_id = ? and subject = ?', [roomId, userId]);
    });
  }
}

async function locked(em: EntityManager, roomId: string, subject: string, now: Date): Promise<Attempts | null> {
  await em.execute(
    `insert into access_code_attempt (room_id, subject, failures, last_failure_at) values (?, ?, 0, ?)
       on conflict do nothing`,
    [roomId, subject, now],
  );
  const [row] = await em.execute<{ failures: number; last: number; blocked: number | null }[]>(
    `select failures, (extract(epoch from last_failure_at) * 1000)::float8 as last,
            (extract(epoch from blocked_until) * 1000)::float8 as blocked
       from access_code_attempt where room_id = ? and subject = ? for update`,
    [roomId, subject],
  );
  if (!row) return null;
  return {
    failures: row.failures,
    lastFailureAt: new Date(row.last),
    blockedUntil: row.blocked === null ? null : new Date(row.blocked),
  };
}

async function save(em: EntityManager, roomId: string, subject: string, attempts: Attempts): Promise<void> {
  await em.execute(
    'update access_code_attempt set failures = ?, last_failure_at = ?, blocked_until = ? where room_id = ? and subject = ?',
    [attempts.failures, attempts.lastFailureAt, attempts.blockedUntil, roomId, subject],
  );
}
