import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';

/** The repeatable call being handled now; its first transaction claims the key, so that key and effect are one commit. */
export interface RepeatableScope {
  /** Whose transactions claim: the connection that holds the table. */
  readonly owner: object;
  /** Set by the commit that carried the claim. */
  claimed: boolean;
  /** Writes the claim. @throws DomainError CONFLICT where another call was first; the work must not be done */
  claim(em: EntityManager): Promise<void>;
}

const storage = new AsyncLocalStorage<RepeatableScope>();

export const repeatableScope = {
  run: <T>(scope: RepeatableScope, work: () => T): T => storage.run(scope, work),
  /** The scope that a transaction of `owner` has still to claim for. */
  unclaimed(owner: object): RepeatableScope | undefined {
    const scope = storage.getStore();
    return scope && scope.owner === owner && !scope.claimed ? scope : undefined;
  },
};
