import { type EntityManager, type IsolationLevel, RequestContext, TransactionPropagation } from '@mikro-orm/postgresql';
import { repeatableScope } from './repeatable-scope.js';
import { isRetryable } from '../orm/database-errors.js';
import type { Orm } from '../orm/options.js';
import { withRequestContext } from '../orm/request-context.js';

/** How a transaction runs. */
export interface TransactionOptions {
  /** READ COMMITTED if left out. */
  readonly isolation?: `${IsolationLevel}`;
  /** How often it may run again after a serialization failure or a deadlock; 0 if left out. The work must then be repeatable. */
  readonly retries?: number;
}

/**
 * The transaction of a use case; inject it by this class (`@InjectTransaction('keys')` for a second connection). Two
 * connections are two transactions: nest them only if the inner one may commit although the outer one fails.
 */
export class Transaction {
  constructor(private readonly orm: Orm) {}

  /**
   * Runs `work` in a transaction and commits it with everything the entity manager holds; joins the transaction that
   * is open already. Works in a request and outside of one (feeds, sweeps), where it makes a context of its own.
   */
  async run<T>(work: (em: EntityManager) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { isolation, retries = 0 } = options;
    const { em } = this.orm;
    if (em.isInTransaction()) return em.transactional(work, { ...JOIN });
    // The first transaction of a call that may be repeated carries the claim on its key.
    const scope = repeatableScope.unclaimed(this);
    const claiming = scope && (async (inner: EntityManager) => scope.claim(inner).then(() => work(inner)));
    const begin = async () => {
      const result = await em.transactional(claiming ?? work, {
        ...JOIN,
        ...(isolation && { isolationLevel: isolation }),
      });
      if (scope) scope.claimed = true;
      return result;
    };
    // In a request the entities loaded before belong to the transaction too.
    if (retries === 0 && RequestContext.getEntityManager(em.name)) return begin();
    for (let attempt = 0; ; attempt += 1) {
      try {
        // A fresh context for each attempt: entities of a failed one must not leak into the next.
        return await withRequestContext(this.orm, begin);
      } catch (error) {
        if (attempt >= retries || !isRetryable(error)) throw error;
        await pause(Math.random() * 20 * 2 ** attempt);
      }
    }
  }
}

/** Use cases call use cases: one transaction, not savepoints in it. Spread it: the ORM writes into what it is given. */
const JOIN = { propagation: TransactionPropagation.REQUIRED } as const;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
