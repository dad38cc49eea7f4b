import { AsyncLocalStorage } from 'node:async_hooks';
import { RequestScope } from '@conclave/platform';
import type { EntityManager, EventSubscriber, TransactionEventArgs } from '@mikro-orm/postgresql';

type Callback = () => unknown;

/** Runs something in no context at all: no request, no transaction. */
const outside = AsyncLocalStorage.snapshot();

const waiting = new WeakMap<object, Callback[]>();

/**
 * Runs `callback` once the transaction of `em` is committed, and never when it is rolled back. The caller's answer does
 * not wait for it and cannot fail by it: only for hints (a wake-up, a cache to drop) that a sweep makes good when lost.
 */
export function afterCommit(em: EntityManager, callback: Callback): void {
  const transaction = em.getTransactionContext() as object | undefined;
  if (!transaction) throw new Error('afterCommit needs a transaction');
  if ('savepointName' in transaction) throw new Error('afterCommit needs the outer transaction: use Transaction.run');
  const callbacks = waiting.get(transaction);
  if (callbacks) callbacks.push(callback);
  else waiting.set(transaction, [callback]);
}

/** Tells `afterCommit` that a transaction is through. */
export class AfterCommit implements EventSubscriber {
  afterTransactionCommit({ transaction }: TransactionEventArgs): void {
    const callbacks = transaction && waiting.get(transaction);
    if (!transaction || !callbacks) return;
    waiting.delete(transaction);
    const scope = RequestScope.current();
    const run = () => callbacks.forEach((callback: Callback) => void (async () => callback())().catch(() => undefined));
    // On a later turn: the committing code goes on first, and cannot be made to fail. And outside of its context, in
    // which everything that a callback does would still belong to the transaction that is over; only its scope stays.
    outside(() => setImmediate(() => (scope ? RequestScope.run(scope, run) : run())));
  }
}
