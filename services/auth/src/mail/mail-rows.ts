import { rows } from '@conclave/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LetterKind } from '../letters/write-letter.js';

/** A message that this process sends now. */
export interface ClaimedMail {
  readonly id: string;
  readonly kind: LetterKind;
  readonly sealed: Buffer;
  readonly attempts: number;
  /** Written for the work's sake: nobody gets it. */
  readonly forNobody: boolean;
  readonly expiresAt: Date;
}

/** Puts a message into the queue. */
export const addMail = (
  em: EntityManager,
  mail: { id: string; kind: LetterKind; sealed: Buffer; forNobody: boolean; now: Date; expiresAt: Date },
): Promise<unknown> =>
  em.execute(
    `insert into mail (id, kind, sealed, for_nobody, attempts, next_attempt_at, expires_at, created_at, updated_at)
     values (?, ?, ?, ?, 0, ?, ?, ?, ?)`,
    [mail.id, mail.kind, mail.sealed, mail.forNobody, mail.now, mail.expiresAt, mail.now, mail.now],
  );

/** Takes some that are due; whoever dies with them leaves them due again at `until`. */
export const claimMail = (em: EntityManager, now: Date, until: Date, limit: number): Promise<ClaimedMail[]> =>
  rows<ClaimedMail>(
    em,
    `update mail set attempts = attempts + 1, next_attempt_at = ?, updated_at = ? where id in
       (select id from mail where gave_up_at is null and next_attempt_at <= ?
         order by next_attempt_at limit ${limit} for update skip locked)
     returning id, kind, sealed, attempts, for_nobody as "forNobody", expires_at as "expiresAt"`,
    [until, now, now],
  );

/** It is out. */
export const dropMail = (em: EntityManager, id: string): Promise<unknown> =>
  em.execute('delete from mail where id = ?', [id]);

/** Tries it again at `at`. */
export const postponeMail = (em: EntityManager, id: string, error: string, at: Date, now: Date): Promise<unknown> =>
  em.execute('update mail set error = ?, next_attempt_at = ?, updated_at = ? where id = ?', [error, at, now, id]);

/** A dead letter: kept for whoever looks after the mail; what it says stays sealed. */
export const giveUpMail = (em: EntityManager, id: string, error: string, now: Date): Promise<unknown> =>
  em.execute('update mail set error = ?, gave_up_at = ?, updated_at = ? where id = ?', [error, now, now, id]);

/** Dead letters of before. */
export const sweepDeadMail = (em: EntityManager, before: Date): Promise<unknown> =>
  em.execute('delete from mail where gave_up_at < ?', [before]);

/** How many wait, and how many were given up. */
export async function countMail(em: EntityManager): Promise<{ waiting: number; dead: number }> {
  const [counted] = await rows<{ waiting: number; dead: number }>(
    em,
    `select (count(*) filter (where gave_up_at is null and not for_nobody))::int as waiting,
            (count(*) filter (where gave_up_at is not null))::int as dead from mail`,
  );
  return counted ?? { waiting: 0, dead: 0 };
}
