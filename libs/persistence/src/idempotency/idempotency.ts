import { createHash } from 'node:crypto';
import { DomainError } from '@conclave/errors';
import type { EntityManager } from '@mikro-orm/postgresql';

/** SQL of the table, for a service's first migration. */
export const createIdempotencySql = (): string[] => [
  `create table idempotency (
    principal text not null,
    method text not null,
    key text not null,
    request_hash bytea not null,
    response bytea,
    created_at timestamptz not null default now(),
    primary key (principal, method, key)
  )`,
  'create index idempotency_created_at on idempotency (created_at)',
];

/** One call that may come twice. */
export interface IdempotentCall {
  /** What the client sent as Idempotency-Key; without one the work simply runs. */
  readonly key: string | undefined;
  /** Whose: keys of two people never meet. */
  readonly principal: string;
  /** For example `conclave.rooms.v1.RoomsService.CreateRoom`. */
  readonly method: string;
  /** The encoded request. */
  readonly request: Uint8Array;
}

/**
 * Remembers the answer of a call in the transaction of its effect, so that a repeated call gets the same answer and no
 * second effect. The answer lies in the table: not for answers that hold a secret.
 */
export class Idempotency {
  /**
   * Runs `work` once per key. A repeat waits for the first to end; a refusal is not remembered.
   *
   * @throws DomainError CONFLICT when the key came before with another request
   */
  async once(em: EntityManager, call: IdempotentCall, work: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const { key, principal, method, request } = call;
    if (!key) return work();
    if (!em.isInTransaction()) throw new Error('Idempotency.once needs a transaction');
    const hash = createHash('sha256').update(request).digest('hex');
    const place = [principal, method, key];
    const [mine] = await em.execute<unknown[]>(
      `insert into idempotency (principal, method, key, request_hash) values (?, ?, ?, decode(?, 'hex'))
       on conflict do nothing returning 1 as mine`,
      [...place, hash],
    );
    if (!mine) return this.remembered(em, place, hash);
    const response = await work();
    await em.execute(
      `update idempotency set response = decode(?, 'base64') where (principal, method, key) = (?, ?, ?)`,
      [Buffer.from(response).toString('base64'), ...place],
      'run',
    );
    return response;
  }

  /** Forgets answers older than some hours; run it from a sweep. */
  async forget(em: EntityManager, olderThanHours = 24): Promise<void> {
    await em.execute('delete from idempotency where created_at < now() - make_interval(hours => ?)', [olderThanHours]);
  }

  private async remembered(em: EntityManager, place: string[], hash: string): Promise<Uint8Array> {
    const [row] = await em.execute<{ hash: string; response: string | null }[]>(
      `select encode(request_hash, 'hex') as hash, encode(response, 'base64') as response
         from idempotency where (principal, method, key) = (?, ?, ?)`,
      place,
    );
    if (row?.hash !== hash || row.response === null) {
      throw new DomainError('CONFLICT', { details: { field: 'Idempotency-Key' } });
    }
    return Buffer.from(row.response, 'base64');
  }
}
